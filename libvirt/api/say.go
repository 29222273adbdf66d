package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/diagnose"
)

// Assumptions are what must have happened besides the calls, a sentence each.
func (r *Report) Assumptions() []string {
	var out []string
	for _, a := range assumptions[1:] {
		var names []string
		for _, x := range r.Assumed {
			if x.Assumption == a {
				names = append(names, x.Domain)
			}
		}
		if len(names) > 0 {
			out = append(out, fmt.Sprintf("%s: %s", strings.Join(names, ", "), a))
		}
	}
	return out
}

// String is a sentence.
func (a Assumption) String() string {
	defines := "a client that finds no domain defines it again before its call ends"
	guest := "the guest stopped or paused by itself, or somebody did it whose calls are not in the file"
	switch {
	case a.Redefined && a.Guest:
		return defines + "; and " + guest
	case a.Redefined:
		return defines
	case a.Guest:
		return guest
	}
	return ""
}

// Notes are what was not looked at, a sentence each.
func (r *Report) Notes() []string {
	var out []string
	if r.Open > 0 {
		out = append(out, fmt.Sprintf("calls that timed out, lost their connection or did not return: %d; each may have "+
			"taken effect at any time since its start, or never", r.Open))
	}
	if r.Elsewhere > 0 {
		out = append(out, fmt.Sprintf("calls of several domains at once, which were not looked at: %d", r.Elsewhere))
	}
	const most = 10
	names := slices.Sorted(maps.Keys(r.Foreign))
	for _, op := range names[:min(len(names), most)] {
		out = append(out, fmt.Sprintf("calls of %s, which no model knows: %d; each may have left its domain in any state",
			op, r.Foreign[op]))
	}
	if n := len(names) - most; n > 0 {
		out = append(out, fmt.Sprintf("%d more names of calls that no model knows", n))
	}
	return out
}

// Timeline draws each call of a domain.
func Timeline(file string, calls []Call) *diagnose.Timeline {
	t := &diagnose.Timeline{}
	end := int64(0)
	for i := range calls {
		end = max(end, calls[i].From)
		if to := calls[i].To; to != Never {
			end = max(end, to)
		}
	}
	at := func(n int64) diagnose.Moment { return diagnose.Moment{Clock: diagnose.Instant, Nanos: n} }
	for i := range calls {
		c := &calls[i]
		if c.Domain == "" {
			continue
		}
		place := diagnose.Place{File: file, Line: c.Line}
		t.Add(at(c.From), at(min(c.To, end)), diagnose.Bar{
			Domain: c.Domain, Lane: diagnose.CallLane, Open: c.To == Never, GaveUp: c.Err != nil,
			What: fmt.Sprintf("client %s, line %d: %s", c.Client, c.Line, c), At: place, End: place,
		})
	}
	return t
}
