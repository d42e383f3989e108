# Completions of jwtctl for PowerShell: jwtctl itself says which words fit.

Register-ArgumentCompleter -Native -CommandName jwtctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object {
            if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
        })
    $program, $before = $words
    $current = "$wordToComplete".TrimStart("'", '"')
    # Before 7.3, an empty argument is dropped unless it is quoted.
    $last = if ($current -eq '' -and $PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { $current }

    & $program completions '--' @before $last 2>$null | ForEach-Object {
        $word, $meaning = $_ -split "`t", 2
        if ($word -eq '') {
            $path = $current.Substring([Math]::Min($meaning.Length, $current.Length))
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($path) | ForEach-Object {
                $isQuoted = $_.CompletionText -match "^'(.*)'$"
                $found = if ($isQuoted) { $Matches[1] } else { $_.CompletionText }
                # An unquoted @ would begin a splatted variable.
                $text = if ($isQuoted -or $meaning.StartsWith('@')) { "'$meaning$found'" } else { "$meaning$found" }
                [System.Management.Automation.CompletionResult]::new($text, $_.ListItemText, $_.ResultType, $_.ToolTip)
            }
        } else {
            if (-not $meaning) { $meaning = $word }
            [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
        }
    }
}
