using Outbox.Embedded.MongoDb;

namespace Outbox.Embedded;

/// <summary>The embedded servers together, as the program and the demo start them.</summary>
public sealed class EmbeddedServers : IAsyncDisposable
{
    private EmbeddedServers(MongoServer mongoDb) => MongoDb = mongoDb;

    /// <summary>The MongoDB server.</summary>
    public MongoServer MongoDb { get; }

    /// <summary>Starts the servers.</summary>
    public static async Task<EmbeddedServers> StartAsync(MongoServerOptions? mongoDb = null) =>
        new(await MongoServer.StartAsync(mongoDb).ConfigureAwait(false));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => MongoDb.DisposeAsync();
}
