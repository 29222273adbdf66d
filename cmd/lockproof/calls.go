package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/libvirt/api"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/answers"
)

// apart takes what clients of libvirt saw out of what is to be read.
func apart(all []*evidence) (calls, others []*evidence) {
	for _, e := range all {
		if api.Recognise(e.head) {
			calls = append(calls, e)
		} else {
			others = append(others, e)
		}
	}
	return calls, others
}

// checkCalls asks of each file with calls of clients whether an order of the calls explains it.
func (x *answerWriter) checkCalls(ctx context.Context, all []*evidence, opts api.Options) error {
	var problems []error
	var results []reports.Result
	for _, e := range all {
		calls, err := api.Read(ctx, e.name, e.input(ctx))
		var wrong *linear.Problems
		switch {
		case errors.As(err, &wrong):
			problems = append(problems, err)
			continue
		case err != nil && ctx.Err() == nil:
			return fmt.Errorf("%s: %w", e.name, err)
		}
		report := api.Check(ctx, calls, opts)
		var t *diagnose.Timeline
		if x.output != nil {
			t = api.Timeline(e.name, calls)
		}
		results = append(results, answers.NewCalls(e.name, report.Domains, &report.Report, report.Assumptions(),
			report.Notes(), t))
	}
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	x.report.Results = append(x.report.Results, results...)
	return nil
}

// found reports whether all of them only lay in a directory that was named.
func found(all []*evidence) bool {
	return !slices.ContainsFunc(all, func(e *evidence) bool { return !e.found })
}
