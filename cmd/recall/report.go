package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// answers are all rows that were asked for.
type answers struct {
	Rows []*row `json:"rows"`
}

// A sum counts rows.
type sum struct{ rows, measured, hits, silent int }

func (a *answers) sum(of func(*row) bool) sum {
	var s sum
	for _, r := range a.Rows {
		if !of(r) {
			continue
		}
		s.rows++
		if r.Measured {
			s.measured++
		}
		if r.Hit {
			s.hits++
			if r.Silent {
				s.silent++
			}
		}
	}
	return s
}

// percent is how many of those that were measured are found.
func (s sum) percent() float64 { return share(s.hits, s.measured) }

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

// write prints the table, and the rows that are missed or not silent.
func (a *answers) write(w io.Writer, verbose bool) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "class\tdetect\trows\tmeasured\tfound\t%\tsilent\t%")
	line := func(class, detect string, s sum) {
		if s.rows > 0 {
			fmt.Fprintf(tw, "%s\t%s\t%d\t%d\t%d\t%.0f\t%d\t%.0f\n", class, detect, s.rows, s.measured, s.hits, s.percent(),
				s.silent, share(s.silent, s.hits))
		}
	}
	var classes []string
	for _, r := range a.Rows {
		classes = append(classes, string(r.Class))
	}
	slices.Sort(classes)
	detects := []string{"intra", "inter", "interleaving"}
	for _, class := range slices.Compact(classes) {
		for _, detect := range detects {
			line(class, detect, a.sum(func(r *row) bool { return string(r.Class) == class && r.Detect == detect }))
		}
	}
	for _, detect := range detects {
		line("all", detect, a.sum(func(r *row) bool { return r.Detect == detect }))
	}
	line("all", "", a.sum(func(*row) bool { return true }))
	tw.Flush()
	for _, r := range a.Rows {
		if r.Why == "" && !verbose {
			continue
		}
		state := "found"
		switch {
		case !r.Measured:
			state = "not measured"
		case !r.Hit:
			state = "missed"
		}
		fmt.Fprintf(w, "\n%s %s %s %s (%s)\n  %s: %s\n  %s", r.ID, r.Class, r.Detect, state, r.Era, r.File,
			strings.Join(r.Functions, ", "), r.Fix)
		if r.Why != "" {
			fmt.Fprintf(w, ": %s", r.Why)
		}
		fmt.Fprintln(w)
		if verbose {
			for _, f := range r.Before {
				fmt.Fprintf(w, "  before %s\n", f)
			}
		}
		if verbose || r.Hit && !r.Silent {
			for _, f := range r.After {
				fmt.Fprintf(w, "  after  %s\n", f)
			}
		}
	}
}
