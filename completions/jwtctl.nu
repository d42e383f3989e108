# Completions of jwtctl for Nushell: jwtctl itself says which words fit. `use` this file in config.nu.

export-env {
  let others = $env.config.completions.external.completer?
  $env.config.completions.external.enable = true
  $env.config.completions.external.completer = {|words: list<string>|
    let program = ($words.0 | path basename | str replace --regex '\.exe$' '')
    if $program != jwtctl {
      return (if $others == null { null } else { do $others $words })
    }
    let lines = try { ^$words.0 completions -- ...($words | skip 1) | complete | get stdout | lines } catch { [] }
    let paths = ($lines | where { $in starts-with "\t" } | each { str substring 1.. } | each {|before|
      let typed = ($words | last | str substring ($before | str length)..)
      let folder = ($typed | str replace --regex '[^/]*$' '')
      try { ls --all ($"(if $folder == '' { '.' } else { $folder })" | path expand) } catch { [] }
      | each {|entry|
        let name = ($entry.name | path basename)
        let end = (if $entry.type == dir { '/' } else { '' })
        $"($folder)($name)($end)"
      }
      | where { $in starts-with $typed and ($typed != $folder or not ($in | path basename | str starts-with '.')) }
      | each {|path|
        let value = $"($before)($path)"
        { value: (if $value =~ '\s' { $value | to nuon } else { $value }) }
      }
    } | flatten)
    $lines
    | where { not ($in starts-with "\t") }
    | each { split column --number 2 "\t" value description | first }
    | append $paths
  }
}
