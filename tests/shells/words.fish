# The words that fish offers for the command line $argv[1], without their descriptions.
source completions/jwtctl.fish
complete -C "$argv[1]" | string match -r '^[^\t]+'; or true
