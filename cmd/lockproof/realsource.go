package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/lockproof/lockproof/libvirt/eras"
	"github.com/lockproof/lockproof/scenarios"
)

// ofItsEra lets a question about real source that names no protocol have the one of libvirt's that
// the source follows, and says so.
func ofItsEra(ctx context.Context, q *scenarios.Question, args []string, tell io.Writer) error {
	if !q.Tree.Asked() || q.Protocol != "" || len(args) > 0 {
		return nil
	}
	t, err := q.Tree.Load(ctx)
	if err != nil {
		return fmt.Errorf("the tree: %w", err)
	}
	fits, err := eras.Of(t)
	if err != nil {
		return err
	}
	if len(fits) == 0 {
		return errors.New("the source has no helpers of libvirt's: name what its functions follow with --protocol, " +
			"a name that `lockproof list` shows or your own C file")
	}
	q.Protocol = fits[0].Era.Name
	fmt.Fprintf(tell, "the source follows %s (--protocol names another)\n", q.Protocol)
	return nil
}
