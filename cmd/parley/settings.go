package main

import (
	"log/slog"
	"os"

	"github.com/parley-crm/parley/store"
)

// storeFlags are shared by every command that opens the store.
type storeFlags struct {
	Data     string `default:"./data" help:"Folder for the embedded database, the sealing key and backups." placeholder:"DIR" type:"path"`
	Database string `help:"Address of a PostgreSQL database (postgres://…); empty means SQLite in the data folder." placeholder:"URL"`
}

func (f storeFlags) options(log *slog.Logger) store.Options {
	return store.Options{Dir: f.Data, URL: f.Database, Log: log, Version: version}
}

// logFlags say how the log is written.
type logFlags struct {
	LogLevel  string `default:"info" enum:"debug,info,warn,error" help:"How much is logged: ${enum}."`
	LogFormat string `default:"text" enum:"text,json" help:"How it is written: ${enum}."`
}

func (f logFlags) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(f.LogLevel)) // one of the enum
	o := &slog.HandlerOptions{Level: level}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
