package measure

import (
	"context"
	"fmt"
	"time"

	"github.com/lockproof/lockproof/checker/crosscheck"
	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// A Case is one program to be measured.
type Case struct {
	Mix     string
	Threads int
	Domains int
	Program *model.Program
}

// A Row is one search of one case.
type Row struct {
	Mix     string `json:"mix"`
	Threads int    `json:"threads"`
	Domains int    `json:"domains"`
	// Engine is lockproof, spin or tlc.
	Engine    string        `json:"engine"`
	Reduction string        `json:"reduction"`
	Workers   int           `json:"workers"`
	Verdict   model.Verdict `json:"verdict"`
	Limit     string        `json:"limit"`
	States    int64         `json:"states"`
	// Transitions and Bytes, the memory of the visited set, are only known of our own searches.
	Transitions int64   `json:"transitions,omitempty"`
	Bytes       int64   `json:"bytes,omitempty"`
	Seconds     float64 `json:"seconds"`
}

// Rate is states a second; 0 when the search was too short to tell.
func (r *Row) Rate() float64 {
	if r.Seconds < 1e-3 {
		return 0
	}
	return float64(r.States) / r.Seconds
}

// BytesPerState is the memory of the visited set for one state; 0 when it is not known.
func (r *Row) BytesPerState() float64 {
	if r.States == 0 {
		return 0
	}
	return float64(r.Bytes) / float64(r.States)
}

// Reductions are the named combinations, from none to all.
var Reductions = []string{"none", "symmetry", "por", "all"}

// ParseReduction reads one of [Reductions].
func ParseReduction(name string) (search.Reduction, error) {
	switch name {
	case "none":
		return search.Reduction{}, nil
	case "symmetry":
		return search.Reduction{Symmetry: true}, nil
	case "por":
		return search.Reduction{Merge: true}, nil
	case "all":
		return search.Reduction{Merge: true, Symmetry: true}, nil
	}
	return search.Reduction{}, fmt.Errorf("measure: no reduction %q: there are none, symmetry, por and all", name)
}

// Options bound a measurement.
type Options struct {
	Workers   int
	MaxStates int64
	MaxMemory int64
	Timeout   time.Duration // of one search; 0: none
	Against   []crosscheck.Engine
	TLA2Tools string
}

// Run searches one case with each of the reductions, then with the other engines, and gives every
// row to emit as soon as it is there.
func Run(ctx context.Context, c Case, reductions []string, opt Options, emit func(Row) error) error {
	for _, name := range reductions {
		r, err := ParseReduction(name)
		if err != nil {
			return err
		}
		row, err := ours(ctx, c, name, r, opt)
		if err != nil {
			return err
		}
		if err := emit(row); err != nil {
			return err
		}
	}
	for _, engine := range opt.Against {
		row, err := theirs(ctx, c, engine, opt)
		if err != nil {
			return err
		}
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

// within bounds one search.
func (o *Options) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.Timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, o.Timeout)
}

func ours(ctx context.Context, c Case, name string, r search.Reduction, opt Options) (Row, error) {
	ctx, cancel := opt.within(ctx)
	defer cancel()
	res, err := search.Search(ctx, c.Program, search.Options{
		Workers: opt.Workers, Reduce: r, MaxStates: opt.MaxStates, MaxMemory: opt.MaxMemory,
	})
	if err != nil {
		return Row{}, err
	}
	return Row{
		Mix: c.Mix, Threads: c.Threads, Domains: c.Domains, Engine: "lockproof",
		Reduction: name, Workers: max(1, opt.Workers),
		Verdict: res.Verdict, Limit: string(res.Limit), States: res.Stats.States, Transitions: res.Stats.Transitions,
		Bytes: res.Stats.Bytes, Seconds: res.Stats.Elapsed.Seconds(),
	}, nil
}

func theirs(ctx context.Context, c Case, engine crosscheck.Engine, opt Options) (Row, error) {
	ctx, cancel := opt.within(ctx)
	defer cancel()
	row := Row{Mix: c.Mix, Threads: c.Threads, Domains: c.Domains, Engine: string(engine), Reduction: "none", Workers: 1}
	out, err := crosscheck.Run(ctx, engine, c.Program, crosscheck.RunOptions{
		MaxMemory: opt.MaxMemory, TLA2Tools: opt.TLA2Tools, Workers: 1, NoGraph: true,
	})
	if err != nil {
		if ctx.Err() != nil {
			row.Verdict, row.Limit = model.Unknown, string(model.TimeoutLimit)
			return row, nil
		}
		return row, err
	}
	row.Verdict, row.Limit = out.Verdict, out.Limit
	row.States, row.Seconds = out.States, out.Elapsed.Seconds()
	return row, nil
}
