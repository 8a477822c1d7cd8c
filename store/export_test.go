package store

import (
	"strconv"
	"time"
)

// SetWait puts another waiting in the place of time.After.
func (db *DB) SetWait(wait func(time.Duration) <-chan time.Time) { db.wait = wait }

// LimitPages makes the disk seem full once SQLite has n pages.
func (db *DB) LimitPages(n int) error {
	_, err := db.write.DB.Exec("PRAGMA max_page_count = " + strconv.Itoa(n))
	return err
}

// Pages says how many there are.
func (db *DB) Pages() (n int, err error) {
	return n, db.write.DB.QueryRow("PRAGMA page_count").Scan(&n)
}

// Write runs a statement as it is, for what no room would do.
func (db *DB) Write(query string, args ...any) error {
	_, err := db.write.DB.Exec(query, args...)
	return err
}
