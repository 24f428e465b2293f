using Outbox.Embedded.MongoDb.Faults;
using Outbox.Embedded.MongoDb.Journaling;
using Outbox.Embedded.MongoDb.Queries;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb;

/// All that the server's parts share.
internal sealed class ServerState
{
    public ServerState(MongoServerOptions options)
    {
        Options = options;
        Clock = new ServerClock(options.TimeProvider);
        Store = new Store(Clock, new Oplog(options.OplogEntries, options.OplogBytes));
        if (options.DataDirectory is { } directory)
        {
            Store.Journal = Replay.Restore(Store, directory);
        }

        Store.Begin(empty: options.DataDirectory is null);
        Sessions = new Transactions.Sessions(Store, options.TransactionLifetime);
        Cursors = new Cursors(Clock.Time);
        Elections = new Elections(Node, Store, Sessions);
    }

    public MongoServerOptions Options { get; }

    public ServerClock Clock { get; }

    public Store Store { get; }

    public Transactions.Sessions Sessions { get; }

    public Cursors Cursors { get; }

    public Node Node { get; } = new();

    public Elections Elections { get; }

    public FailPoints FailPoints { get; } = new();

    public Interruptions Interruptions { get; } = new();
}
