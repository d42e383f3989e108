# Completions of jwtctl for fish: jwtctl itself says which words fit.

function __jwtctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape)
    for line in ($words[1] completions -- $words[2..-1] "$current" 2>/dev/null)
        set -l before (string match -rg '^\t(.*)' -- $line)
        if test $status -eq 0
            set -l path (string replace -- "$before" '' "$current")
            printf '%s\n' $before(__fish_complete_path "$path")
        else
            echo $line
        end
    end
end

complete -c jwtctl -f -a '(__jwtctl_complete)'
