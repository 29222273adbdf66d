package tree

import "sync"

// A cache keeps parsed files of a git repository, which are the same in every revision that has the
// same blob at the same place. A nil cache keeps nothing.
type cache struct {
	mu    sync.Mutex
	age   int
	files map[key]*kept
}

// A key says what a parsed file depends on.
type key struct {
	name, id string
	macros   uint64 // of other files' headers
}

type kept struct {
	file *parsedFile
	age  int // when it was needed last
}

func newCache() *cache { return &cache{files: map[key]*kept{}} }

// find returns what was parsed before; nil when it was not.
func (c *cache) find(k key) *parsedFile {
	if c == nil || k.id == "" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.files[k]
	if old == nil {
		return nil
	}
	old.age = c.age
	return old.file
}

func (c *cache) keep(k key, f *parsedFile) {
	if c == nil || k.id == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files[k] = &kept{f, c.age}
}

// turn begins another tree, and forgets what neither of the last two needed.
func (c *cache) turn() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.age++
	for k, old := range c.files {
		if old.age < c.age-2 {
			delete(c.files, k)
		}
	}
}
