# Completions of jwtctl for bash: jwtctl itself says which words fit.

_jwtctl() {
  local rest=${COMP_LINE:0:COMP_POINT} words=() piece text count=0 IFS=$' \t\n'
  # Bash splits words at =, : and @; these belong together.
  for piece in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    text=${rest#"${rest%%[![:space:]]*}"}
    [[ $text == "$piece"* ]] || piece=$text
    if [[ $count -gt 0 && -n $rest && $text == "$rest" ]]; then
      words[count - 1]+=$piece
    else
      words[count]=$piece
      count=$((count + 1))
    fi
    rest=${text:${#piece}}
  done

  local current=${words[count - 1]} kept line paths space=1
  kept=${current%"${current##*[=:@]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      $'\t'*) paths=${current#"${line#$'\t'}"} ;;
      *)
        line=${line%%$'\t'*}
        [[ $line == *[=:] ]] && space=
        COMPREPLY+=("${line:${#kept}}")
        ;;
    esac
  done < <("${words[0]}" completions -- "${words[@]:1}" 2>/dev/null)

  if [[ -n ${paths+set} ]]; then
    if [[ ${#COMPREPLY[@]} -eq 0 ]] && compopt -o default 2>/dev/null; then
      return
    fi
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$paths")
  fi
  [[ -n $space ]] || compopt -o nospace 2>/dev/null
  return 0
}

complete -F _jwtctl jwtctl
