# Completions of jwtctl for PowerShell: jwtctl itself says which words fit.

Register-ArgumentCompleter -Native -CommandName jwtctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or $_.Extent.Text -ne $wordToComplete } |
        ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    # Before 7.3, an empty argument is dropped unless it is quoted.
    $last = if ($wordToComplete -eq '' -and $PSVersionTable.PSVersion -lt [version]'7.3') { '""' } else { "$wordToComplete" }

    & $commandAst.CommandElements[0].Value completions '--' @words $last 2>$null | ForEach-Object {
        $word, $meaning = $_ -split "`t", 2
        if ($word -eq '') {
            $typed = "$wordToComplete".Substring([Math]::Min($meaning.Length, "$wordToComplete".Length))
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($typed) | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($meaning + $_.CompletionText, $_.ListItemText, $_.ResultType, $_.ToolTip)
            }
        } else {
            if (-not $meaning) { $meaning = $word }
            [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
        }
    }
}
