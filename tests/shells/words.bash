# The words that bash offers for the command line $1, by the function that the completions register.
source completions/jwtctl.bash
function=$(complete -p jwtctl) && function=${function#*-F } && function=${function%% *}

# Outside of the line editor there is no compopt; `default` asks for paths.
compopt() { if [[ $2 == default ]]; then asks_paths=1; fi; }

# The words as bash splits them: =, : and @ end a word.
rest=$1
while [[ $rest =~ ^[[:space:]]*([=:@]+|[^[:space:]=:@]+)(.*)$ ]]; do
  COMP_WORDS+=("${BASH_REMATCH[1]}")
  rest=${BASH_REMATCH[2]}
done
if [[ $1 == *[' =:@'] ]]; then COMP_WORDS+=(''); fi
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1}
"$function" jwtctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
last=${COMP_WORDS[COMP_CWORD]}
if [[ -n ${asks_paths-} ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$last"); fi
# Bash replaces the last of its words only.
printf "${1:0:${#1}-${#last}}%s\n" "${COMPREPLY[@]}" | sed 's/.* //'
