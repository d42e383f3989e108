# The words that bash offers for the command line $1, by the function that the completions register.
source completions/jwtctl.bash
function=$(complete -p jwtctl) && function=${function#*-F } && function=${function%% *}

read -ra COMP_WORDS <<<"$1"
if [[ $1 == *' ' ]]; then COMP_WORDS+=(''); fi
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1}
"$function" jwtctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
