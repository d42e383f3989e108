# Completions of jwtctl for Elvish: jwtctl itself says which words fit.

use str

set edit:completion:arg-completer[jwtctl] = {|@words|
  var current = $words[-1]
  try { (external $words[0]) completions -- (all $words[1..]) 2>/dev/null | from-lines } catch _ { } |
    each {|line|
      var word meaning = (str:split &max=2 "\t" $line)
      if (eq $word '') {
        edit:complete-filename (str:trim-prefix $current $meaning) | each {|path|
          edit:complex-candidate $meaning$path[stem] &code-suffix=$path[code-suffix] ^
            &display=$path[stem]
        }
      } else {
        var suffix = ' '
        if (or (str:has-suffix $word '=') (str:has-suffix $word ':')) { set suffix = '' }
        edit:complex-candidate $word &code-suffix=$suffix &display=$word' ('$meaning')'
      }
    }
}
