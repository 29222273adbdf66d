// Package lint asks a source tree the questions of [typestate], and answers as whoever reads a
// patch wants it: what comments in the C take back is left out, and two trees are compared by what
// was found in them and not by where.
//
// # Comments
//
//	/* lockproof: ignore job-leak: the worker ends it, see processJob() */
//
// takes back the findings of a kind on the lines of the comment and the one after it, or those
// whose path begins there. Outside of functions it is about the whole function that follows.
// Several kinds have commas between them. A comment without a reason takes back nothing, and is
// told of; so is one that takes back nothing because nothing is found.
package lint

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// A Result is what was found in a tree.
type Result struct {
	*typestate.Result                  // all findings
	Findings          []Finding        // those that stay
	Suppressed        []Finding        // those that comments take back
	Remarks           []typestate.Note // comments that take back nothing
}

// A Finding is one of [typestate.Result], with the reason why it is taken back, if it is.
type Finding struct {
	*typestate.Finding
	Reason string
}

// Check holds a tree to a contract.
func Check(ctx context.Context, t *tree.Tree, opt typestate.Options) (*Result, error) {
	found, err := typestate.Check(ctx, t, opt)
	if err != nil {
		return nil, err
	}
	return resultOf(t, nil, found), nil
}

// Diff holds two trees to a contract each. Findings are those of the functions of which the two may
// say something else.
func Diff(ctx context.Context, before, after *typestate.Side, opt typestate.Options) (was, is *Result, err error) {
	sides := []*typestate.Side{before, after}
	old, now := Changed(before.Tree, after.Tree)
	if old == nil {
		var results [2]*Result
		for i, s := range sides {
			opt.Contract = s.Contract
			if results[i], err = Check(ctx, s.Tree, opt); err != nil {
				return nil, nil, err
			}
		}
		return results[0], results[1], nil
	}
	before.Changed, after.Changed = old.has, now.has
	found, present, err := typestate.Compare(ctx, before, after, opt)
	if err != nil {
		return nil, nil, err
	}
	return resultOf(before.Tree, before.Asked, found), resultOf(after.Tree, after.Asked, present), nil
}

// resultOf sorts what was found of the functions that were asked about.
func resultOf(t *tree.Tree, asked Scope, found *typestate.Result) *Result {
	r := &Result{Result: found}
	r.suppress(t, asked)
	r.Findings, r.Suppressed = asked.keep(t, r.Findings), asked.keep(t, r.Suppressed)
	return r
}

// An ignore is a comment that takes findings back.
type ignore struct {
	pos         model.Pos
	first, last int // lines
	kinds       []model.Kind
	reason      string
	used        bool
}

// suppress sorts the findings by what comments say to them.
func (r *Result) suppress(t *tree.Tree, asked Scope) {
	ignores := map[string][]*ignore{}
	for _, f := range t.Files {
		for _, c := range f.Syntax.Comments {
			i, wrong := parseIgnore(c)
			if wrong != "" {
				r.remark(c.Pos(), wrong)
			}
			if i != nil {
				i.place(f)
				ignores[f.Name] = append(ignores[f.Name], i)
			}
		}
	}
	for i := range r.Result.Findings {
		f := Finding{Finding: &r.Result.Findings[i]}
		if by := ignoredBy(ignores[f.Pos.File], f.Finding); by != nil {
			by.used, f.Reason = true, by.reason
			r.Suppressed = append(r.Suppressed, f)
		} else {
			r.Findings = append(r.Findings, f)
		}
	}
	for _, f := range t.Files {
		for _, i := range ignores[f.Name] {
			if !i.used && asked == nil {
				r.remark(i.pos, "nothing is found here that this comment could take back")
			}
		}
	}
	slices.SortStableFunc(r.Remarks, func(a, b typestate.Note) int {
		switch {
		case a.Pos.Before(b.Pos):
			return -1
		case b.Pos.Before(a.Pos):
			return 1
		}
		return 0
	})
}

func (r *Result) remark(pos model.Pos, text string) {
	r.Remarks = append(r.Remarks, typestate.Note{Pos: pos, Text: text})
}

func ignoredBy(list []*ignore, f *typestate.Finding) *ignore {
	for _, i := range list {
		if !slices.Contains(i.kinds, f.Kind) {
			continue
		}
		if i.covers(f.Pos) || len(f.Path) > 0 && i.covers(f.Path[0].Pos) {
			return i
		}
	}
	return nil
}

func (i *ignore) covers(p model.Pos) bool {
	return p.File == i.pos.File && p.Line >= i.first && p.Line <= i.last
}

// continued is where a line of a comment ends and the next one begins.
var continued = regexp.MustCompile(`\n\s*\*?`)

var ignoreText = regexp.MustCompile(`(?s)^\s*ignore\b([^:]*)(:.*)?$`)

// parseIgnore reads a comment that speaks to lockproof. What is wrong with it is said in words.
func parseIgnore(c syntax.Comment) (i *ignore, wrong string) {
	_, text, _ := strings.Cut(c.Text, tree.Marker)
	text = continued.ReplaceAllString(strings.TrimSuffix(text, "*/"), " ")
	m := ignoreText.FindStringSubmatch(text)
	if m == nil {
		return nil, "this comment is not understood: write `" + tree.Marker + " ignore KIND: reason`"
	}
	i = &ignore{pos: c.Pos(), reason: strings.Join(strings.Fields(strings.TrimPrefix(m[2], ":")), " ")}
	for _, name := range strings.FieldsFunc(m[1], func(c rune) bool { return c == ',' || c == ' ' || c == '\t' || c == '\n' }) {
		if !model.IsKind(name) {
			return nil, fmt.Sprintf("%q is no kind of finding, so this comment takes back nothing: lockproof explain lists them", name)
		}
		i.kinds = append(i.kinds, model.Kind(name))
	}
	switch {
	case len(i.kinds) == 0:
		return nil, "this comment names no kind of finding: write `" + tree.Marker + " ignore KIND: reason`"
	case i.reason == "":
		return nil, "this comment gives no reason, so it takes back nothing: write `" + tree.Marker + " ignore " + strings.TrimSpace(m[1]) + ": reason`"
	}
	i.first = c.Pos().Line
	i.last = i.first + strings.Count(c.Text, "\n") + 1
	return i, ""
}

// place makes a comment outside of functions one about the function after it.
func (i *ignore) place(f *tree.File) {
	var next *tree.Function
	for _, fn := range f.Functions {
		first, last := fn.Pos().Line, fn.Body.Rbrace.Line
		if fn.Pos().File != i.pos.File || last < i.pos.Line {
			continue
		}
		if first <= i.pos.Line {
			return // inside
		}
		if next == nil || first < next.Pos().Line {
			next = fn
		}
	}
	if next != nil {
		i.last = next.Body.Rbrace.Line
	}
}

// atLine is what a message says of a line.
var atLine = regexp.MustCompile(`\bline \d+`)

// A Change is the difference between what was found in two trees.
type Change struct {
	New, Gone []Finding
	Same      int
}

// Compare says what a change of the source brings and what it removes. A finding is the same as
// another one with its function, kind and message, wherever the lines have moved to; of several
// alike the last ones are new.
func Compare(before, after *Result) Change {
	type key struct {
		function string
		kind     model.Kind
		message  string
	}
	of := func(f Finding) key { return key{f.Function, f.Kind, atLine.ReplaceAllString(f.Message, "line")} }
	had := map[key]int{}
	for _, f := range before.Findings {
		had[of(f)]++
	}
	var c Change
	left := map[key]int{}
	for _, f := range after.Findings {
		if k := of(f); left[k] < had[k] {
			left[k]++
			c.Same++
		} else {
			c.New = append(c.New, f)
		}
	}
	kept := map[key]int{}
	for _, f := range before.Findings {
		if k := of(f); kept[k] < left[k] {
			kept[k]++
		} else {
			c.Gone = append(c.Gone, f)
		}
	}
	return c
}
