package main

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/spf13/cobra"
)

// Every command's help fits 80 columns and says all there is to say.
func TestHelp(t *testing.T) {
	for _, cmd := range commands() {
		var stdout, stderr bytes.Buffer
		args := append(strings.Fields(cmd.CommandPath())[1:], "--help")
		if code := run(t.Context(), args, &stdout, &stderr); code != exitOK || stderr.Len() > 0 {
			t.Errorf("%s: exit code %d\n%s", cmd.CommandPath(), code, &stderr)
		}
		narrow(t, cmd, stdout.String(), 80, nil)
		for _, text := range []string{cmp.Or(cmd.Long, cmd.Short), cmd.Example, cmd.LocalFlags().FlagUsages()} {
			if !strings.Contains(flat(stdout.String()), flat(text)) {
				t.Errorf("%s: the help\n%s\nlacks\n%s", cmd.CommandPath(), &stdout, text)
			}
		}
	}
}

// On another terminal, only what is there to be copied may be too long.
func TestHelpWidths(t *testing.T) {
	for _, cmd := range commands() {
		var copied []string
		for line := range strings.SplitSeq(cmd.Long+"\n"+cmd.Example, "\n") {
			if strings.HasPrefix(line, "\t") || strings.HasPrefix(line, " ") {
				copied = append(copied, strings.TrimSpace(line))
			}
		}
		for _, width := range []int{60, 100, 200} {
			var b strings.Builder
			style := terminal.Style{Width: width}
			writeProse(&b, cmd.Long, style)
			writeUsage(&b, cmd, style)
			narrow(t, cmd, b.String(), width, copied)
		}
	}
}

// commands lists all commands, the ones that cobra adds among them.
func commands() []*cobra.Command {
	root := (&app{}).root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	all := []*cobra.Command{root}
	for i := 0; i < len(all); i++ {
		all[i].InitDefaultHelpFlag()
		all = append(all, all[i].Commands()...)
	}
	return all
}

func narrow(t *testing.T, cmd *cobra.Command, text string, width int, except []string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > width && !slices.Contains(except, strings.TrimSpace(line)) || strings.Contains(line, "\t") {
			t.Errorf("%s: a line of %d columns: %s", cmd.CommandPath(), len(line), line)
		}
	}
}

func flat(text string) string { return strings.Join(strings.Fields(text), " ") }
