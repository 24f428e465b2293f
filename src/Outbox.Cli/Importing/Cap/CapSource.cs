using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Importing.Pending;

namespace Outbox.Cli.Importing.Cap;

/// <summary>
/// CAP's outbox in MongoDB. What is delayed its processor takes in a transaction that writes the documents, so a transaction of ours has them or it has. All else it sends without any lock on the message and
/// says so afterwards: so a message is marked first, which its processors then do not see any more, and moved when whoever had it before must have said that it is sent.
/// </summary>
internal sealed class CapSource(IMongoDatabase database, string published, CapLock locks, CapTimes times, string? version) : IPendingSource
{
    private readonly CapMessages _messages = new(times, version);

    public string Product => "CAP";

    public IMongoCollection<BsonDocument> Messages { get; } = database.GetCollection<BsonDocument>(published);

    public BsonDocument Filter { get; } = new("$or", new BsonArray { new BsonDocument("StatusName", new BsonDocument("$ne", "Succeeded")), CapMark.Any });

    public PendingDocument Read(BsonDocument document, DateTimeOffset now) => _messages.Read(document, now) ?? new PendingDocument(document["_id"], PendingState.TheirsYet) { Reason = "of another version" };

    public async Task MarkAsync(IReadOnlyList<PendingDocument> documents, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await UnmarkAsync(documents, cancellationToken).ConfigureAwait(false);
        var keys = new BsonArray(documents.Where(document => document.State == PendingState.ToMark).Select(document => document.Key));
        if (keys.Count == 0)
        {
            return;
        }

        var wanted = new BsonDocument("_id", new BsonDocument("$in", keys));
        foreach (var one in await (await Messages.DistinctAsync<string>("Version", wanted, cancellationToken: cancellationToken).ConfigureAwait(false)).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (CapMark.Of(one) is null && await locks.TryTakeAsync(one, now, cancellationToken).ConfigureAwait(false))
            {
                await MarkAsync(one, wanted, now, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public Task EndPassAsync() => locks.ReleaseAsync();

    /// <summary>What is marked nobody takes until it is moved. Where the servers do not say how many that are, there may be some.</summary>
    public async Task<string?> RemarkAsync()
    {
        const string next = "CAP leaves them alone until then. Run the import again, or give them back: docs/migrating.md, \"Going back\".";
        try
        {
            var marked = await Messages.CountDocumentsAsync(CapMark.Any).ConfigureAwait(false);
            return marked == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{marked:N0} messages are marked and not moved yet: {next}");
        }
        catch (Exception error) when (error is MongoException or TimeoutException)
        {
            return $"Messages may be marked and not moved yet: {next}";
        }
    }

    public async Task<IReadOnlyList<BsonDocument>> TakeAsync(IClientSessionHandle session, IReadOnlyList<PendingDocument> documents, CancellationToken cancellationToken)
    {
        // Marked, or delayed and not yet taken by CAP: what has changed meanwhile is not found.
        var wanted = new BsonDocument
        {
            { "_id", new BsonDocument("$in", new BsonArray(documents.Select(document => document.Key))) },
            { "StatusName", new BsonDocument("$ne", "Succeeded") },
            { "$or", new BsonArray { CapMark.Any, new BsonDocument("StatusName", "Delayed") } },
        };
        var taken = await Messages.Find(session, wanted).Sort(new BsonDocument("_id", 1)).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (taken.Count > 0)
        {
            var remove = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(taken.Select(message => message["_id"]))));
            await Messages.DeleteManyAsync(session, remove, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        return taken;
    }

    private Task MarkAsync(string one, BsonDocument wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var still = new BsonDocument(wanted) { { "Version", one }, { "StatusName", new BsonDocument("$in", new BsonArray { "Scheduled", "Failed", "Queued" }) } };
        return Messages.UpdateManyAsync(still, new BsonDocument("$set", new BsonDocument("Version", new CapMark(one, now).ToString())), cancellationToken: cancellationToken);
    }

    /// <summary>What CAP has sent in spite of the mark is its own again: its dashboard shows it, and it is removed when its time has come.</summary>
    private async Task UnmarkAsync(IEnumerable<PendingDocument> documents, CancellationToken cancellationToken)
    {
        foreach (var sent in documents.Where(document => document.State == PendingState.SentByThem))
        {
            var found = await Messages.Find(new BsonDocument("_id", sent.Key)).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            if (found is not null && CapMark.Of(found["Version"].AsString) is { } mark)
            {
                await Messages.UpdateOneAsync(
                    new BsonDocument { { "_id", sent.Key }, { "Version", mark.ToString() } }, new BsonDocument("$set", new BsonDocument("Version", mark.Version)), cancellationToken: cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
