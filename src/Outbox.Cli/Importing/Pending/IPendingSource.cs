using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.Cli.Importing.Pending;

/// <summary>Another product's outbox, in the same replica set as ours.</summary>
internal interface IPendingSource
{
    /// <summary>The product, for a person.</summary>
    string Product { get; }

    /// <summary>Where its messages are.</summary>
    IMongoCollection<BsonDocument> Messages { get; }

    /// <summary>Which of them may be pending.</summary>
    BsonDocument Filter { get; }

    /// <summary>What a document is at a moment of the server's clock.</summary>
    PendingDocument Read(BsonDocument document, DateTimeOffset now);

    /// <summary>Has the old relay take no more of what is to be marked, and gives back what it has sent in spite of a mark.</summary>
    Task MarkAsync(IReadOnlyList<PendingDocument> documents, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives back what the old relay has to do without while its messages are looked at.</summary>
    Task EndPassAsync();

    /// <summary>What a person has to know of what an import leaves behind when it ends; nothing, if it leaves nothing.</summary>
    Task<string?> RemarkAsync();

    /// <summary>Takes documents away from the old relay, under its own lock, in a transaction.</summary>
    /// <returns>Those that were still there, as they were.</returns>
    Task<IReadOnlyList<BsonDocument>> TakeAsync(IClientSessionHandle session, IReadOnlyList<PendingDocument> documents, CancellationToken cancellationToken);
}
