using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Connecting;
using Outbox.Cli.Importing.Destinations;
using Outbox.Cli.Importing.Pending;

namespace Outbox.Cli.Importing.Moving;

/// <summary>Goes through an old outbox, once each time it is asked, and moves what can be moved.</summary>
internal sealed class Importer(OutboxPlace place, IPendingSource source, IImportDestination destination, ImportTally tally)
{
    private const int PageSize = 500;
    private const int MostInTransaction = 100;

    private static readonly FindOptions<BsonDocument> InOrder = new() { Sort = new BsonDocument("_id", 1), BatchSize = PageSize, NoCursorTimeout = false };

    /// <summary>Told after each page that was moved.</summary>
    public Action? Moved { get; init; }

    /// <summary>Whether the last pass has left messages that are marked, and come by themselves.</summary>
    public bool Settles { get; private set; }

    /// <summary>Looks at all that is pending.</summary>
    /// <param name="transaction">What moves; without it, nothing is.</param>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    public async Task PassAsync(ImportTransaction? transaction, CancellationToken cancellationToken)
    {
        tally.Again();
        Settles = false;

        try
        {
            await LookAsync(transaction, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await source.EndPassAsync().ConfigureAwait(false);
        }
    }

    private async Task LookAsync(ImportTransaction? transaction, CancellationToken cancellationToken)
    {
        // One cursor over all kinds of ids, in their order: what is removed behind it does not move what is before it.
        using var cursor = await source.Messages.WithReadConcern(ReadConcern.Majority).FindAsync(source.Filter, InOrder, cancellationToken).ConfigureAwait(false);
        while (await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var page in cursor.Current.Chunk(PageSize))
            {
                await PageAsync([.. page.Select(document => source.Read(document, place.Now))], transaction, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task PageAsync(List<PendingDocument> page, ImportTransaction? transaction, CancellationToken cancellationToken)
    {
        if (transaction is not null)
        {
            var mine = page.FindAll(document => document.State != PendingState.ToMark || destination.Refuse(document.Message!) is null);
            await source.MarkAsync(mine, place.Now, cancellationToken).ConfigureAwait(false);
        }

        var ready = new List<PendingDocument>();
        foreach (var document in page)
        {
            if (Sort(document, transaction is not null))
            {
                ready.Add(document);
            }
        }

        foreach (var chunk in Chunks(ready))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await MoveAsync(chunk, transaction!, cancellationToken).ConfigureAwait(false);
            Moved?.Invoke();
        }
    }

    /// <summary>Counts what is not moved now.</summary>
    /// <returns>Whether it is.</returns>
    private bool Sort(PendingDocument document, bool isMeant)
    {
        switch (document.State)
        {
            case PendingState.SentByThem:
                return false;
            case PendingState.CannotBeRead:
                tally.Add(ImportFate.Stays, document, document.Reason);
                return false;
            case PendingState.TheirsYet:
                tally.Add(ImportFate.Waits, document, document.Reason);
                return false;
        }

        if (destination.Refuse(document.Message!) is { } refused)
        {
            tally.Add(ImportFate.Stays, document, refused);
            return false;
        }

        if (isMeant && document.State == PendingState.Ready)
        {
            return true;
        }

        Settles |= isMeant;
        tally.Add(isMeant ? ImportFate.Waits : ImportFate.Ready, document, isMeant ? document.Reason ?? "marked; CAP may still be sending it" : null);
        return false;
    }

    /// <summary>Some units at a time, none of them divided.</summary>
    private static IEnumerable<List<PendingDocument>> Chunks(List<PendingDocument> ready)
    {
        var chunk = new List<PendingDocument>();
        foreach (var unit in ready.GroupBy(document => document.Unit))
        {
            if (chunk.Count > 0 && chunk.Count + unit.Count() > MostInTransaction)
            {
                yield return chunk;
                chunk = [];
            }

            chunk.AddRange(unit);
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    /// <summary>What cannot be moved together is moved one unit after the other, so that one that is locked, or taken, holds up no other.</summary>
    private async Task MoveAsync(IReadOnlyList<PendingDocument> chunk, ImportTransaction transaction, CancellationToken cancellationToken)
    {
        var units = chunk.GroupBy(document => document.Unit).Select(unit => unit.ToList()).ToList();
        try
        {
            if (await transaction.RunAsync(chunk, place.Now, cancellationToken).ConfigureAwait(false) is { } moved)
            {
                foreach (var document in moved)
                {
                    tally.Add(ImportFate.Imported, document);
                }

                return;
            }

            Left(units.Count == 1, ImportFate.Waits, "the old relay has it locked");
        }
        catch (OutboxException error)
        {
            Left(units.Count == 1, ImportFate.Stays, error.Message);
        }

        foreach (var unit in units.Count > 1 ? units : [])
        {
            await MoveAsync(unit, transaction, cancellationToken).ConfigureAwait(false);
        }

        void Left(bool isLast, ImportFate fate, string reason)
        {
            foreach (var document in isLast ? chunk : [])
            {
                tally.Add(fate, document, reason);
            }
        }
    }
}
