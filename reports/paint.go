package reports

import "github.com/fatih/color"

// A paint colours text, or leaves it alone. This file is the only one that knows the colour package.
type paint func(string) string

type palette struct{ good, bad, open, strong, faint paint }

// colours is the palette for a terminal, or the one that changes nothing.
func colours(on bool) palette {
	with := func(attributes ...color.Attribute) paint {
		if !on {
			return func(s string) string { return s }
		}
		c := color.New(attributes...)
		c.EnableColor()
		return func(s string) string { return c.Sprint(s) }
	}
	return palette{
		good: with(color.FgGreen), bad: with(color.FgRed, color.Bold), open: with(color.FgYellow), strong: with(color.Bold), faint: with(color.Faint),
	}
}
