using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Calls;
using Outbox.Cli.Importing.Destinations;
using Outbox.Cli.Importing.Pending;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Sessions;
using Outbox.Operations.Auditing;

namespace Outbox.Cli.Importing.Moving;

/// <summary>Moves some messages in one transaction: out of the old product's collection, into ours, with the audit of it. So each is in one of the two at any moment, and a process that is killed has moved all of them or none.</summary>
internal sealed class ImportTransaction(TransactionSessions sessions, MongoAudit audit, IPendingSource source, IImportDestination destination)
{
    /// <summary>Why it is done, for the audit.</summary>
    public required string Reason { get; init; }

    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    /// <summary>Moves those that are still there.</summary>
    /// <returns>What was moved; <see langword="null"/> where the old relay, or somebody else, has one of them locked.</returns>
    /// <exception cref="OutboxException">A message cannot be in the outbox: its id is taken.</exception>
    public async Task<IReadOnlyList<PendingDocument>?> RunAsync(IReadOnlyList<PendingDocument> documents, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var session = await sessions.StartAsync(cancellationToken).ConfigureAwait(false);
        using var end = new TransactionEnding(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        session.Handle.StartTransaction(Options);
        try
        {
            var moved = await MoveAsync(session.Handle, documents, now, cancellationToken).ConfigureAwait(false);
            await (moved.Count == 0 ? session.Handle.AbortTransactionAsync(CancellationToken.None) : session.Handle.CommitAsync(started, end.Token)).ConfigureAwait(false);
            return moved;
        }
        catch (MongoException error) when (error.HasErrorLabel(TransactionLabels.Transient) && !MongoErrors.IsPassing(error))
        {
            await EndAsync(session.Handle).ConfigureAwait(false);
            return null;
        }
        catch
        {
            await EndAsync(session.Handle).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<IReadOnlyList<PendingDocument>> MoveAsync(IClientSessionHandle session, IReadOnlyList<PendingDocument> documents, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var taken = await source.TakeAsync(session, documents, cancellationToken).ConfigureAwait(false);
        var read = taken.Select(document => source.Read(document, now)).Where(document => document.Message is not null).ToList();
        if (read.Count < taken.Count || read.Exists(document => destination.Refuse(document.Message!) is not null))
        {
            throw new OutboxException("A document was changed while it was moved, and cannot be any more. It stays where it is.");
        }

        if (read.Count == 0)
        {
            return read;
        }

        var messages = read.ConvertAll(document => document.Message!);
        await destination.InsertAsync(session, messages, cancellationToken).ConfigureAwait(false);
        var entry = new AuditEntry(AuditActs.Import, $"{messages.Count} messages of {source.Product}", ActOptions.Actor, Reason, $"moved from {source.Messages.CollectionNamespace.FullName} into {destination.Name}")
        {
            MessageIds = [.. messages.Select(message => message.Id)],
        };
        await audit.WriteAsync(session, entry, cancellationToken).ConfigureAwait(false);
        return read;
    }

    private static async Task EndAsync(IClientSessionHandle session)
    {
        if (!session.IsInTransaction)
        {
            return;
        }

        try
        {
            await session.AbortTransactionAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is MongoException or TimeoutException)
        {
            // The server ends it by itself; the error that led here is what counts.
        }
    }
}
