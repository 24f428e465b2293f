using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Connecting;
using Outbox.MongoDb;
using Outbox.MongoDb.Installation;

namespace Outbox.Cli.Diagnosing;

/// <summary>Whether collections and indexes are there. How long documents are kept is the service's setting, so it is told and not judged.</summary>
internal sealed class IndexChecks(OutboxPlace place)
{
    private const int Unauthorized = 13;
    private const int NoSuchCollection = 26;

    private readonly Dictionary<string, List<BsonDocument>?> _listed = [];

    /// <summary>How long the inbox remembers a message; <see langword="null"/> where nobody knows.</summary>
    public TimeSpan? Window { get; private set; }

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellation)
    {
        var wanted = WantedIndexes.Of(place.Collections.Names, new OutboxOptions(), new MongoDbOptions());
        var missing = new List<WantedIndex>();
        var denied = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var index in wanted)
        {
            if (await ListAsync(index.Collection, cancellation).ConfigureAwait(false) is not { } existing)
            {
                denied.Add(index.Collection);
            }
            else if (!existing.Exists(index.IsServedBy))
            {
                missing.Add(index);
            }
        }

        Window = await KeptAsync(place.Collections.Names.Inbox, "processedAt", cancellation).ConfigureAwait(false);
        return [Indexes(wanted.Count, missing, denied), Remembered(), await SentAsync(cancellation).ConfigureAwait(false)];
    }

    private static Diagnosis Indexes(int wanted, List<WantedIndex> missing, SortedSet<string> denied)
    {
        if (missing.Count > 0)
        {
            return Diagnosis.Wrong(
                "indexes",
                $"Missing are {string.Join(", ", missing.Select(index => $"{index.Name} of {index.Collection}"))}. Without them queries read whole collections, or documents are kept for ever.",
                $"Start a service of this version with Outbox:MongoDb:Install, or run in mongosh: {string.Join(" ", missing.Select(Script))}");
        }

        return denied.Count > 0
            ? Diagnosis.Unknown("indexes", $"This user may not list the indexes of {string.Join(", ", denied)}.")
            : Diagnosis.Ok("indexes", $"All {wanted} are there.");
    }

    /// <summary>How long documents are kept is not known here: the framework's own way to make the index knows.</summary>
    private static string Script(WantedIndex index) =>
        index.ExpireAfter is null ? IndexScript.Create(index) : $"(expiring index {index.Name} of {index.Collection}: services.OutboxMongoDbScript() has it with {index.Setting})";

    private Diagnosis Remembered() => Window is { } window
        ? Diagnosis.Ok("window", $"The inbox remembers a message for {Ages.Of(window)} (DuplicateDetectionWindow).")
        : Diagnosis.Unknown("window", "How long the inbox remembers a message is not known: its index that lets records expire cannot be seen.");

    private async Task<Diagnosis> SentAsync(CancellationToken cancellation)
    {
        var kept = await KeptAsync(place.Collections.Names.Sent, "sentAt", cancellation).ConfigureAwait(false);
        return kept is not null ? Diagnosis.Ok("sent", $"What was published is kept for {Ages.Of(kept.Value)} (KeepSentFor): why, trace and a second publication know it.")
            : await place.Collections.Sent.Find(new BsonDocument()).Limit(1).AnyAsync(cancellation).ConfigureAwait(false)
                ? Diagnosis.Warning("sent", "There is history of what was published, and no index lets it expire: it grows for ever.", "Set Outbox:KeepSentFor, and start the service; or drop the collection.")
                : Diagnosis.Ok("sent", "What was published is not kept (KeepSentFor is not set).");
    }

    private async Task<TimeSpan?> KeptAsync(string collection, string field, CancellationToken cancellation)
    {
        var index = (await ListAsync(collection, cancellation).ConfigureAwait(false))?.Find(found => found["key"].AsBsonDocument.ElementCount == 1 && found["key"].AsBsonDocument.Contains(field));
        return index is not null && index.TryGetValue("expireAfterSeconds", out var seconds) ? TimeSpan.FromSeconds(seconds.ToInt64()) : null;
    }

    private async Task<List<BsonDocument>?> ListAsync(string collection, CancellationToken cancellation)
    {
        if (!_listed.TryGetValue(collection, out var listed))
        {
            _listed[collection] = listed = await ReadAsync(collection, cancellation).ConfigureAwait(false);
        }

        return listed;
    }

    private async Task<List<BsonDocument>?> ReadAsync(string collection, CancellationToken cancellation)
    {
        try
        {
            var found = await place.Database.GetCollection<BsonDocument>(collection).Indexes.ListAsync(cancellation).ConfigureAwait(false);
            return await found.ToListAsync(cancellation).ConfigureAwait(false);
        }
        catch (MongoCommandException error) when (error.Code == NoSuchCollection)
        {
            return [];
        }
        catch (MongoCommandException error) when (error.Code == Unauthorized)
        {
            return null;
        }
    }
}
