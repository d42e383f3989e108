# The words that zsh offers for the command line $1. Completion lives in the line editor, which wants
# a terminal: this script runs itself again on a pseudo-terminal, edits the line there, and keeps
# what is handed to compadd in place of showing it.
emulate -R zsh

if (( $# == 1 )); then
  zmodload zsh/zpty
  kept=$(mktemp -d)
  trap 'rm -rf $kept' EXIT
  TERM=vt100 zpty -b editor "exec zsh -f ${(q)0} ${(q)1} ${(q)kept}"
  for (( i = 0; i < 300; i++ )); do
    [[ -e $kept/done ]] && break
    while zpty -rt editor shown; do :; done
    sleep 0.1
  done
  zpty -d editor
  cat $kept/stderr >&2
  [[ -e $kept/done ]] || { print -u2 'the line editor did not answer'; exit 1 }
  sort -u $kept/words
  exit
fi

line=$1 kept=$2
: >$kept/words
exec 2>$kept/stderr
fpath=($PWD/completions $fpath)
autoload -Uz compinit && compinit -u -D

compadd() {
  # With one of these, nothing is offered: words are only sorted into arrays.
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a offered
  builtin compadd -O offered "$@"
  (( $#offered )) && print -rl -- $offered >>$kept/words
}

# Words as at a prompt, not as for the parameter that vared edits.
ask() {
  unset 'compstate[vared]'
  _main_complete
}

answer() {
  BUFFER=$line CURSOR=$#line
  zle ask
  BUFFER=
  zle accept-line
}
zle -C ask complete-word ask
zle -N zle-line-init answer
vared -c edited
: >$kept/done
