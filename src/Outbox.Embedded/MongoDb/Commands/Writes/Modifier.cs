using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Queries;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Commands.Writes;

/// What became of one document; without `After` it was deleted.
internal sealed record Modified(BsonDocument Before, BsonDocument? After, bool Changed);

/// What to make of a document that matches: its next content, or null to delete it.
internal sealed record Change(ChangeKind Kind, Func<BsonDocument, BsonDocument?> Next);

/// Carries single writes through: takes what it found, and looks again when someone else was faster. Outside of a transaction
/// it waits for open transactions to end; within one, the store answers with a write conflict at once.
internal sealed class Modifier(CommandContext context)
{
    private readonly Store _store = context.Store;

    public async ValueTask InsertAsync(Namespace name, BsonDocument document, byte[] data)
    {
        while (true)
        {
            var collection = _store.Catalog.FindOrCreate(name, context.Transaction);
            var result = _store.Writes.Insert(collection, PreparedDocument.Create(collection, document, data), context.Transaction);
            if (await SettledAsync(result).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    public async ValueTask<Modified?> FirstAsync(Namespace name, Query query, Change change)
    {
        while (true)
        {
            var collection = _store.Catalog.Find(name);
            var candidate = query.Run(_store, collection, context.WriteScope()).FirstOrDefault();
            if (candidate is null)
            {
                return null;
            }

            var (result, modified) = Apply(collection!, candidate, change);
            if (await SettledAsync(result).ConfigureAwait(false))
            {
                return modified;
            }
        }
    }

    public async ValueTask<(long Matched, long Changed)> AllAsync(Namespace name, Query query, Change change)
    {
        var collection = _store.Catalog.Find(name);
        var source = collection is null ? null : new ReadSource(collection, null);
        var seen = new HashSet<long>();
        var (matched, changed) = (0L, 0L);
        foreach (var candidate in query.Run(_store, collection, context.WriteScope()))
        {
            if (seen.Add(candidate.Record.Id) && await OneOfAllAsync((collection!, source!), candidate, query, change).ConfigureAwait(false) is { } modified)
            {
                matched++;
                changed += modified.Changed ? 1 : 0;
            }
        }

        return (matched, changed);
    }

    private async ValueTask<Modified?> OneOfAllAsync((Collection Collection, ReadSource Source) from, Candidate candidate, Query query, Change change)
    {
        for (var current = candidate; current is not null; current = Again(from.Source, current.Record, query))
        {
            var (result, modified) = Apply(from.Collection, current, change);
            if (await SettledAsync(result).ConfigureAwait(false))
            {
                return modified;
            }
        }

        return null;
    }

    private Candidate? Again(ReadSource source, Record record, Query query)
    {
        lock (_store.Gate)
        {
            source.Ensure();
            var scope = context.WriteScope();
            var version = record.Visible(scope.Point(_store), scope.Transaction);
            var candidate = version?.Data is null ? null : new Candidate(record, version, null);
            return candidate is not null && query.Filter.Matches(candidate.Document) ? candidate : null;
        }
    }

    private (WriteResult Result, Modified Modified) Apply(Collection collection, Candidate candidate, Change change)
    {
        var before = candidate.Document;
        var next = change.Next(before);
        var target = new Target(collection, candidate.Record, candidate.Version, PreparedDocument.Create(collection, before, candidate.Data));
        if (next is null)
        {
            return (_store.Writes.Replace(target, null, ChangeKind.Delete, context.Transaction), new Modified(before, null, true));
        }

        var data = ReferenceEquals(next, before) ? candidate.Data : Documents.EncodeUpdated(before, ref next, context);
        if (data.AsSpan().SequenceEqual(candidate.Data))
        {
            return (_store.Writes.Confirm(target, context.Transaction), new Modified(before, before, false));
        }

        var after = PreparedDocument.Create(collection, next, data);
        return (_store.Writes.Replace(target, after, change.Kind, context.Transaction), new Modified(before, next, true));
    }

    /// True when the write is done, false when it has to be tried again.
    private async ValueTask<bool> SettledAsync(WriteResult result)
    {
        if (result.Status == WriteStatus.Blocked)
        {
            await context.Budget.WaitAsync(result.Blocker!.Ended).ConfigureAwait(false);
        }

        if (result.Status != WriteStatus.Done)
        {
            context.Budget.Check();
            return context.Server.Node.IsPrimary ? false : throw new MongoError(11602, "InterruptedDueToReplStateChange", "operation was interrupted: the server is no longer primary");
        }

        context.OperationTime = Math.Max(context.OperationTime, result.Timestamp);
        return true;
    }
}
