package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/checker/mutate"
	"github.com/lockproof/lockproof/scenarios"
)

// targets are what the arguments name: protocols with the suites that judge them, or suites.
func (m *mutating) targets(ctx context.Context, args []string) ([]mutate.Target, error) {
	if len(args) == 0 {
		args = []string{usualTarget}
	}
	var all []*scenarios.Scenario
	var suites []string
	for _, arg := range args {
		ext := path.Ext(arg)
		shipped := slices.Contains(protocolNames(), arg)
		if !shipped && ext != ".c" && ext != ".h" {
			suites = append(suites, arg)
			continue
		}
		scs, err := m.judging(ctx, arg, shipped)
		if err != nil {
			return nil, err
		}
		all = append(all, scs...)
	}
	if len(suites) > 0 {
		if len(m.suites) > 0 && len(suites) == len(args) {
			return nil, errors.New("--suite is for a protocol: a suite judges its own")
		}
		scs, err := (&scenarios.Question{Root: m.root}).Resolve(ctx, suites)
		if err != nil {
			return nil, err
		}
		all = append(all, scs...)
	}
	return mutate.Targets(once(all)), nil
}

// once leaves out what is named twice.
func once(all []*scenarios.Scenario) []*scenarios.Scenario {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(sc *scenarios.Scenario) bool {
		key := sc.Suite.Protocol + "\n" + sc.Ref()
		again := seen[key]
		seen[key] = true
		return again
	})
}

// judging are the scenarios that judge a protocol: of the suites that are named, or of the library.
func (m *mutating) judging(ctx context.Context, protocol string, shipped bool) ([]*scenarios.Scenario, error) {
	q := scenarios.Question{Root: m.root}
	refs := m.suites
	if shipped && len(refs) == 0 {
		library, err := scenarios.Library()
		if err != nil {
			return nil, err
		}
		for _, s := range library {
			if s.Protocol == protocol {
				refs = append(refs, s.Name)
			}
		}
		if len(refs) == 0 {
			return nil, fmt.Errorf("no built-in suite names the protocol %s: --suite says which judge", protocol)
		}
		return q.Resolve(ctx, refs)
	}
	q.Protocol = protocol
	r, err := q.Replace(ctx, refs)
	if err != nil {
		return nil, err
	}
	if len(r.Scenarios) == 0 {
		return nil, fmt.Errorf("no suite can run on %s\n%s", protocol, strings.Join(r.WhyNot(), "\n"))
	}
	return r.Scenarios, nil
}

// openCache opens what is known from earlier runs; nil where nothing is to be kept. A cache that
// nobody asked for need not be there.
func (m *mutating) openCache(a *app) (*mutate.Cache, error) {
	if m.noCache {
		return nil, nil
	}
	dir := m.cache
	tool, err := toolSum()
	if err == nil && dir == "" {
		if dir, err = os.UserCacheDir(); err == nil {
			dir = filepath.Join(dir, "lockproof")
		}
	}
	var c *mutate.Cache
	if err == nil {
		c, err = mutate.OpenCache(dir, tool)
	}
	if err != nil && m.cache == "" {
		fmt.Fprintf(a.stderr, "lockproof: nothing is kept for the next run: %v\n", err)
		return nil, nil
	}
	return c, err
}

// toolSum tells this program from every other one, whatever it calls itself.
func toolSum() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s %x", toolVersion(), h.Sum(nil)), nil
}
