namespace Outbox.Embedded.MongoDb;

/// <summary>How the embedded MongoDB server runs. The defaults suit tests.</summary>
public sealed class MongoServerOptions
{
    /// <summary>The port on the loopback interface; 0 takes a free one.</summary>
    /// <value>The default value is 0.</value>
    public int Port { get; set; }

    /// <summary>How often documents that have expired are looked for.</summary>
    /// <value>The default value is one second.</value>
    public TimeSpan TtlInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a transaction may stay open before the server aborts it.</summary>
    /// <value>The default value is 60 seconds.</value>
    public TimeSpan TransactionLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many changes are kept for change streams to resume from.</summary>
    /// <value>The default value is 100,000.</value>
    public int OplogEntries { get; set; } = 100_000;

    /// <summary>How many bytes of documents those changes may hold.</summary>
    /// <value>The default value is 64 MB.</value>
    public long OplogBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long a client may take to read an answer before its connection is closed.</summary>
    /// <value>The default value is 30 seconds.</value>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Where the server keeps its data: a journal of every commit, read again at the next start. It survives the end of the process at any
    /// moment, and not that of the machine. Sessions and their history of retryable writes are not kept.
    /// </summary>
    /// <value>The default value is null: nothing is kept.</value>
    public string? DataDirectory { get; set; }

    /// <summary>Introduces itself as the router of a sharded cluster. It is one server all the same: it shows what clients do then, and nothing of what shards do.</summary>
    internal bool IsRouter { get; set; }

    /// <summary>The clock behind <c>$$NOW</c>, TTL indexes and every timeout.</summary>
    /// <value>The default value is the system's clock.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
