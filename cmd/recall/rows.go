package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// A row is one bug, and what came of it.
type row struct {
	ID        string     `json:"id"`
	Fix       string     `json:"fix_sha"`
	Date      string     `json:"date,omitempty"`
	Class     model.Kind `json:"class"`
	Detect    string     `json:"detect"`
	File      string     `json:"file"`
	Functions []string   `json:"functions"`
	Subject   string     `json:"subject,omitempty"`

	Era      string   `json:"era,omitempty"` // at fix_sha^
	Measured bool     `json:"measured"`
	Hit      bool     `json:"hit"`
	Silent   bool     `json:"silent"`        // meaningful for a hit
	Why      string   `json:"why,omitempty"` // it was not measured, missed, or not silent
	Before   []string `json:"before"`        // findings in the functions at fix_sha^, or verdicts
	After    []string `json:"after"`         // and at fix_sha
}

var (
	columns = []string{"id", "fix_sha", "class", "detect", "file", "functions"}
	shaText = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
	oneName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// readRows reads a table with a line of headings, tabs and no quotes.
func readRows(name string) ([]*row, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	rows, err := parseRows(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows, nil
}

func parseRows(text []byte) ([]*row, error) {
	head, rest, _ := bytes.Cut(text, []byte("\n"))
	at := map[string]int{}
	for i, name := range strings.Split(strings.TrimSuffix(string(head), "\r"), "\t") {
		at[name] = i
	}
	for _, c := range columns {
		if _, ok := at[c]; !ok {
			return nil, fmt.Errorf("line 1: there is no column %s", c)
		}
	}
	var rows []*row
	var all []error
	n := 1
	for line := range bytes.Lines(rest) {
		n++
		cells := strings.Split(strings.TrimRight(string(line), "\r\n"), "\t")
		if len(cells) == 1 && cells[0] == "" {
			continue
		}
		cell := func(name string) string {
			if i, ok := at[name]; ok && i < len(cells) {
				return cells[i]
			}
			return ""
		}
		r := &row{
			ID: cell("id"), Fix: cell("fix_sha"), Date: cell("date"), Class: model.Kind(cell("class")), Detect: cell("detect"),
			File: cell("file"), Functions: strings.Split(cell("functions"), ","), Subject: cell("subject"), Before: []string{},
			After: []string{},
		}
		if err := r.check(); err != nil {
			all = append(all, fmt.Errorf("line %d: %w", n, err))
		}
		rows = append(rows, r)
	}
	return rows, errors.Join(all...)
}

func (r *row) check() error {
	switch {
	case r.ID == "":
		return errors.New("the row has no id")
	case !shaText.MatchString(r.Fix):
		return fmt.Errorf("%q is no commit", r.Fix)
	case !model.IsKind(string(r.Class)):
		return fmt.Errorf("%q is no kind of finding", r.Class)
	case !slices.Contains([]string{"intra", "inter", "interleaving"}, r.Detect):
		return fmt.Errorf("%q is none of intra, inter, interleaving", r.Detect)
	case r.File != path.Clean(r.File) || path.IsAbs(r.File) || strings.HasPrefix(r.File, ".."):
		return fmt.Errorf("%q is no file of a repository", r.File)
	}
	for _, f := range r.Functions {
		if !oneName.MatchString(f) {
			return fmt.Errorf("%q is no function", f)
		}
	}
	return nil
}

// choose keeps the rows that are asked for, oldest first: neighbours share most files.
func (o *options) choose(rows []*row) []*row {
	rows = slices.DeleteFunc(rows, func(r *row) bool {
		return len(o.classes) > 0 && !o.classes.has(string(r.Class)) || len(o.detects) > 0 && !o.detects.has(r.Detect) ||
			len(o.ids) > 0 && !o.ids.has(r.ID)
	})
	slices.SortStableFunc(rows, func(a, b *row) int { return strings.Compare(a.Date, b.Date) })
	return rows
}
