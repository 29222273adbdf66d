package reports

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/lockproof/lockproof/csource/files"
)

// ReadReport reads what package formats wrote as JSON, strictly. name is for messages.
func ReadReport(name string, text []byte) (*Report, error) {
	var r Report
	if err := decodeStrictly(name, text, &r); err != nil {
		return nil, err
	}
	switch {
	case r.Version != Version:
		return nil, fmt.Errorf("%s: version %d of a report, this is %d", name, r.Version, Version)
	case r.Tool.Name != "lockproof":
		return nil, fmt.Errorf("%s: a report of %q, not of lockproof", name, r.Tool.Name)
	case r.Results == nil || r.Findings == nil:
		return nil, fmt.Errorf("%s: no results or no findings", name)
	}
	for i := range r.Results {
		if err := r.Results[i].check(); err != nil {
			return nil, fmt.Errorf("%s: result %d: %w", name, i+1, err)
		}
	}
	return &r, nil
}

// check finds what the types allow and no writer of ours writes.
func (r *Result) check() error {
	if !plainName.MatchString(r.Suite) || !plainName.MatchString(r.Scenario) {
		return fmt.Errorf("%q cannot be the name of a scenario", r.Suite+":"+r.Scenario)
	}
	if r.Load != nil && r.History == nil {
		return errors.New("a load without its history")
	}
	o := r.LockOrder
	if o == nil {
		if len(r.OrderBroken) > 0 {
			return errors.New("an order is broken, and there is no lock order")
		}
		return nil
	}
	classes := map[string]string{}
	for _, n := range o.Nodes {
		if !slices.Contains(o.Order, n.Class) {
			return fmt.Errorf("the class of %s is not in the order", n.Name)
		}
		classes[n.Name] = n.Class
	}
	for _, e := range o.Edges {
		_, from := classes[e.From]
		_, to := classes[e.To]
		if !from || !to {
			return fmt.Errorf("the edge %s -> %s is between no nodes", e.From, e.To)
		}
		if len(e.Witnesses) == 0 {
			return fmt.Errorf("the edge %s -> %s is drawn by nobody", e.From, e.To)
		}
	}
	return nil
}

// plainName is what a suite may be called: names become file names.
var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// Limits of what is read: one results.json, and all that are merged.
const (
	maxReportBytes = 256 << 20
	maxMergedBytes = 1 << 30
)

// LoadReports reads files as [files.ReadGiven] does: no symbolic link leads out of their directory.
func LoadReports(ctx context.Context, names []string) ([]*Report, error) {
	budget := files.NewBudget(maxMergedBytes)
	var all []*Report
	for _, name := range names {
		text, err := files.ReadGiven(ctx, name, maxReportBytes)
		if err == nil {
			err = budget.Spend(len(text))
		}
		if err != nil {
			return nil, fmt.Errorf("reading a report: %w", err)
		}
		r, err := ReadReport(name, text)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// Merge joins reports. Shards of one run are put together in the order that the run would have had,
// and must be all there; other reports follow one another. A scenario that occurs twice is an
// error.
func Merge(rs []*Report) (*Report, error) {
	if len(rs) == 0 {
		return nil, errors.New("there is no report to merge")
	}
	out := NewReport(rs[0].Tool.Version)
	out.Directory = rs[0].Directory
	for _, r := range rs {
		if r.Tool != out.Tool {
			return nil, fmt.Errorf("reports of two versions of the tool: %s and %s", out.Tool.Version, r.Tool.Version)
		}
		out.Findings = append(out.Findings, r.Findings...)
		out.Sources = append(out.Sources, r.Sources...)
		out.Mutations = append(out.Mutations, r.Mutations...)
		for _, d := range r.Diagnosed() {
			out.AddDiagnosis(d)
		}
	}
	out.Sources = mergeSources(out.Sources)
	if slices.ContainsFunc(rs, func(r *Report) bool { return r.Shard != nil }) {
		parts, err := shards(rs)
		if err != nil {
			return nil, err
		}
		out.Results = interleave(parts)
	} else {
		for _, r := range rs {
			out.Results = append(out.Results, r.Results...)
		}
	}
	seen := map[string]bool{}
	for i := range out.Results {
		name := out.Results[i].Suite + ":" + out.Results[i].Scenario
		if seen[name] {
			return nil, fmt.Errorf("%s is in two of the reports", name)
		}
		seen[name] = true
	}
	out.Cover()
	out.Require()
	return out, nil
}

// shards puts the parts of one run in order, and asks for each exactly once.
func shards(rs []*Report) ([]*Report, error) {
	var parts []*Report
	for _, r := range rs {
		switch {
		case r.Shard == nil:
			return nil, errors.New("some of the reports are shards and some are not")
		case r.Shard.Of != rs[0].Shard.Of:
			return nil, fmt.Errorf("shards of two runs: one of %d, one of %d", rs[0].Shard.Of, r.Shard.Of)
		case r.Shard.Index < 1 || r.Shard.Index > r.Shard.Of || r.Shard.Of > maxShards:
			return nil, fmt.Errorf("there is no shard %d/%d", r.Shard.Index, r.Shard.Of)
		}
		if parts == nil {
			parts = make([]*Report, r.Shard.Of)
		}
		if parts[r.Shard.Index-1] != nil {
			return nil, fmt.Errorf("shard %d/%d is there twice", r.Shard.Index, r.Shard.Of)
		}
		parts[r.Shard.Index-1] = r
	}
	for i, r := range parts {
		if r == nil {
			return nil, fmt.Errorf("shard %d/%d is missing", i+1, len(parts))
		}
	}
	return parts, nil
}

func interleave(parts []*Report) []Result {
	out := []Result{}
	for i := 0; ; i++ {
		more := false
		for _, p := range parts {
			if i < len(p.Results) {
				out, more = append(out, p.Results[i]), true
			}
		}
		if !more {
			return out
		}
	}
}

// maxShards bounds what a flag or a file may ask for.
const maxShards = 10_000

// ParseShard reads K/N.
func ParseShard(text string) (*Shard, error) {
	var s Shard
	var rest string
	n, _ := fmt.Sscanf(text, "%d/%d%s", &s.Index, &s.Of, &rest)
	if n != 2 || s.Of < 1 || s.Of > maxShards || s.Index < 1 || s.Index > s.Of ||
		fmt.Sprintf("%d/%d", s.Index, s.Of) != text {
		return nil, fmt.Errorf("a shard is K/N with K from 1 to N, as in 2/3, not %q", text)
	}
	return &s, nil
}

// Takes reports whether the scenario with this index, from 0, is in the shard; a nil shard takes
// all.
func (s *Shard) Takes(i int) bool { return s == nil || i%s.Of == s.Index-1 }
