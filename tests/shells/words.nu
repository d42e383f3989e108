# The words that Nushell offers for a command line.
use ../../completions/jwtctl.nu

def main [line: string] {
  do $env.config.completions.external.completer ($line | split row ' ') | each { get value } | to text
}
