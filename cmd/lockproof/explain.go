package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
	"github.com/spf13/cobra"
)

func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [KIND]",
		Short: "Explain a kind of broken rule, with C that has it and C that has not",
		Long: `explain says what a kind of broken rule or a verdict means and what to do about it, with a few lines of C in which it is
found, the same without it, and the commands that check both. Without a name it lists all.`,
		Example: "  lockproof explain lock-order\n  lockproof explain",
		Args:    atMost("KIND"),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return explained(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			var b strings.Builder
			if len(args) == 0 {
				a.listKinds(&b)
			} else if err := a.explainKind(&b, args[0]); err != nil {
				return err
			}
			_, err := io.WriteString(a.stdout, b.String())
			return err
		},
	}
}

// explained are all names that there is something to say about.
func explained() []string {
	var names []string
	for _, e := range model.Explanations() {
		names = append(names, e.Name)
	}
	return names
}

func (a *app) listKinds(b *strings.Builder) {
	width := 0
	for _, name := range explained() {
		width = max(width, len(name))
	}
	for _, e := range model.Explanations() {
		terminal.Hanging(b, fmt.Sprintf("%-*s  ", width, e.Name), e.Title, a.style())
	}
}

func (a *app) explainKind(b *strings.Builder, name string) error {
	e, ok := model.Explain(name)
	if !ok {
		return fmt.Errorf("%q is no kind of rule and no verdict (%s)", name, scenarios.Hint(name, explained()))
	}
	terminal.Hanging(b, e.Name+": ", e.Title, a.style())
	b.WriteByte('\n')
	terminal.Hanging(b, "", e.Help, a.style())
	if text := model.InSource(model.Kind(name)); text != "" {
		b.WriteString("\nIn source that is not run (lockproof lint):\n")
		terminal.Hanging(b, "  ", text, a.style())
		terminal.Hanging(b, "  ", "Where it is meant to be so: /* lockproof: ignore "+name+": reason */", a.style())
	}
	l, err := scenarios.LessonOf(name)
	if err != nil || l == nil {
		return err
	}
	show := func(file, says, c string) {
		b.WriteString("\n" + says + "\n  lockproof check " + file + " " + reports.ShellLine(l.Question.Args()...) + "\n\n")
		for line := range strings.Lines(c) {
			if line != "\n" {
				line = "    " + line
			}
			b.WriteString(line)
		}
	}
	show("bad.c", "It is found here:", l.Bad)
	show("good.c", "This is ok:", l.Good)
	return nil
}
