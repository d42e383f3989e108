class Jwtctl < Formula
  desc "Create, decode, verify and refresh JSON Web Tokens"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@ARCHIVE aarch64-apple-darwin@"
      sha256 "@SHA256 aarch64-apple-darwin@"
    end
    on_intel do
      url "@ARCHIVE x86_64-apple-darwin@"
      sha256 "@SHA256 x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@ARCHIVE aarch64-unknown-linux-musl@"
      sha256 "@SHA256 aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@ARCHIVE x86_64-unknown-linux-musl@"
      sha256 "@SHA256 x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "jwtctl"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/jwtctl.bash" => "jwtctl"
    fish_completion.install "completions/jwtctl.fish"
    zsh_completion.install "completions/_jwtctl"
  end

  test do
    ENV["JWTCTL_SECRET"] = "a secret of forty-eight bytes, for this test only"
    token = shell_output("#{bin}/jwtctl encode --user 123 --ttl 30m").chomp
    assert_equal "123\n", shell_output("#{bin}/jwtctl verify --get user_id #{token}")
  end
end
