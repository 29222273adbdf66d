package main

import (
	"errors"
	"fmt"

	"github.com/lockproof/lockproof/model"
)

// replayed reads the schedule of --replay and lets follow take it. An error says where in the
// string it lies.
func replayed[T any](text string, follow func(model.Schedule) (T, error)) (out T, err error) {
	s, err := model.ParseSchedule(text)
	if err == nil {
		out, err = follow(s)
	}
	var bad *model.PickError
	switch {
	case err == nil:
		return out, nil
	case errors.As(err, &bad):
		err = bad.In(text)
	}
	return out, fmt.Errorf("--replay: %w", err)
}
