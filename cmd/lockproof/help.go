package main

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/spf13/cobra"
)

// help writes what a command does. It is cobra's help, except that it fits the terminal.
func (a *app) help(cmd *cobra.Command, _ []string) {
	var b strings.Builder
	writeProse(&b, cmp.Or(cmd.Long, cmd.Short), a.style())
	b.WriteByte('\n')
	writeUsage(&b, cmd, a.style())
	if _, err := io.WriteString(a.stdout, b.String()); err != nil {
		report(a.stderr, err)
		a.code = exitInput
	}
}

// usage is the part of the help that cobra also writes alone.
func (a *app) usage(cmd *cobra.Command) error {
	var b strings.Builder
	writeUsage(&b, cmd, a.style())
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

// writeUsage leaves examples as they are: they are there to be copied.
func writeUsage(b *strings.Builder, cmd *cobra.Command, style terminal.Style) {
	b.WriteString("Usage:\n")
	if cmd.Runnable() {
		terminal.Hanging(b, "  ", cmd.UseLine(), style)
	}
	if cmd.HasAvailableSubCommands() {
		terminal.Hanging(b, "  ", cmd.CommandPath()+" [command]", style)
	}
	if cmd.HasExample() {
		b.WriteString("\nExamples:\n" + cmd.Example + "\n")
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nAvailable Commands:\n")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" { // which cobra does not count
				terminal.Hanging(b, fmt.Sprintf("  %-*s ", sub.NamePadding(), sub.Name()), sub.Short, style)
			}
		}
	}
	if cmd.HasAvailableLocalFlags() {
		b.WriteString("\nFlags:\n")
		writeFlags(b, cmd.LocalFlags().FlagUsages(), style)
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteByte('\n')
		terminal.Hanging(b, "", fmt.Sprintf(`Use "%s [command] --help" for more information about a command.`,
			cmd.CommandPath()), style)
	}
}

// aFlag is a line about a flag: the flag in its column, and what it is for.
var aFlag = regexp.MustCompile(`^( *\S.*?   +)(.*)$`)

// writeFlags breaks the lines about flags. pflag can do that too, but gives up at words that are
// longer than its column is wide.
func writeFlags(b *strings.Builder, usages string, style terminal.Style) {
	for line := range strings.Lines(usages) {
		if m := aFlag.FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil {
			terminal.Hanging(b, m[1], m[2], style)
		} else {
			b.WriteString(line)
		}
	}
}

// writeProse fills the lines of paragraphs anew. Indented lines are commands and stay whole, which
// leaves one column for the indent.
func writeProse(b *strings.Builder, text string, style terminal.Style) {
	var open []string
	fill := func() {
		if len(open) > 0 {
			terminal.Hanging(b, "", strings.Join(open, " "), style)
			open = nil
		}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		if line != "" && line[0] != '\t' {
			open = append(open, line)
			continue
		}
		fill()
		b.WriteString(strings.Replace(line, "\t", " ", 1) + "\n")
	}
	fill()
}
