# Evaluates the formula for each platform with the words of Homebrew's language that it uses, and installs
# from the archives: formula.rb FORMULA OUT.
require "digest"
require "fileutils"
require "tmpdir"

class Folder
  def install(what)
    paths = what.is_a?(Hash) ? what.keys : Array(what)
    raise "nothing to install" if paths.empty?
    paths.each { |path| raise "#{path} is not in the archive" unless File.file?(path) }
  end
end

class Formula
  PLATFORM = []
  class << self
    def desc(text) = text.length > 80 && raise("too long for Homebrew: #{text}")
    def test = nil
    def homepage(text) = nil
    def license(text) = nil
    def version(text) = nil
    def url(text) = @url = text
    def sha256(text) = @sum = text
    def found = [@url, @sum]
    %i[macos linux arm intel].each do |word|
      define_method("on_#{word}") { |&block| block.call if PLATFORM.include?(word) }
    end
  end
  %i[bin man1 bash_completion fish_completion zsh_completion].each { |name| define_method(name) { Folder.new } }
end

formula, out = ARGV
%i[macos linux].product(%i[arm intel]).each do |platform|
  Formula::PLATFORM.replace(platform)
  Object.send(:remove_const, :Jwtctl) if defined?(Jwtctl)
  load formula
  url, sum = Jwtctl.found
  archive = File.join(out, File.basename(url))
  raise "#{archive}: another checksum" unless Digest::SHA256.file(archive).hexdigest == sum
  Dir.mktmpdir do |folder|
    system("tar", "-xzf", archive, "-C", folder, "--strip-components=1", exception: true)
    Dir.chdir(folder) { Jwtctl.new.install }
  end
end
