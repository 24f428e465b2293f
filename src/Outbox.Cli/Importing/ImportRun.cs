using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Cli.Importing.Moving;
using Outbox.Cli.Importing.Options;
using Outbox.Cli.Importing.Pending;
using Outbox.MongoDb.Operations.Auditing;
using Outbox.MongoDb.Sessions;

namespace Outbox.Cli.Importing;

/// <summary>One run of an import: as many passes as were asked for, and what came of them.</summary>
internal static class ImportRun
{
    public static async Task<ExitCode> RunAsync(Call call, ImportOptions options, Func<OutboxPlace, IPendingSource> sourceOf, Func<OutboxPlace, Task<string?>>? hintOf = null)
    {
        var isMeant = call.Get(options.Act.Yes);
        var reason = isMeant ? options.Act.ReasonOf(call) : "";
        var every = Times.Length(call.Get(options.Every)!, "--every");
        var place = await call.OpenAsync().ConfigureAwait(false);
        var source = sourceOf(place);
        await CheckAsync(source, call.Cancellation).ConfigureAwait(false);
        var destination = await options.DestinationAsync(call, place, source.Messages.Database.DatabaseNamespace.DatabaseName).ConfigureAwait(false);
        var tally = new ImportTally(destination);
        var importer = new Importer(place, source, destination, tally) { Moved = () => Progress(call, tally) };
        if (!isMeant)
        {
            await importer.PassAsync(null, call.Cancellation).ConfigureAwait(false);
            Tell(call, place, tally);
            call.Answer.Say($"{Number(tally.Count(ImportFate.Ready))} messages would be moved. Nothing was done: add --yes.");
            await HintAsync(call, place, hintOf).ConfigureAwait(false);
            return ExitCode.Done;
        }

        var transaction = new ImportTransaction(place.Get<TransactionSessions>(), place.Get<MongoAudit>(), source, destination) { Reason = reason };
        using var presence = Presence(place, call.Time);
        await presence.StartAsync(call.Cancellation).ConfigureAwait(false);
        try
        {
            await PassesAsync(call, options, importer, transaction, tally, every).ConfigureAwait(false);
        }
        catch (Exception error) when (error is MongoException or TimeoutException or OutboxException)
        {
            await RemarkAsync(call, source).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await presence.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        Tell(call, place, tally);
        var left = tally.Count(ImportFate.Waits) + tally.Count(ImportFate.Stays);
        call.Answer.Say($"{Number(tally.Count(ImportFate.Imported))} messages were moved, {Number(tally.Count(ImportFate.Waits))} wait and {Number(tally.Count(ImportFate.Stays))} stay.");
        await RemarkAsync(call, source).ConfigureAwait(false);
        await HintAsync(call, place, hintOf).ConfigureAwait(false);
        return left > 0 ? ExitCode.PartlyDone : ExitCode.Done;
    }

    /// <summary>What was begun and is not done.</summary>
    private static async Task RemarkAsync(Call call, IPendingSource source)
    {
        if (await source.RemarkAsync().ConfigureAwait(false) is { } remark)
        {
            call.Answer.Say(remark);
        }
    }

    /// <summary>What else there may be to do.</summary>
    private static async Task HintAsync(Call call, OutboxPlace place, Func<OutboxPlace, Task<string?>>? hintOf)
    {
        if (hintOf is not null && await hintOf(place).ConfigureAwait(false) is { } hint)
        {
            call.Answer.Say(hint);
        }
    }

    /// <summary>What writes transactions shows that it lives, so that what it leaves open when it is killed is ended by whoever finds it dead, and not only by the server after a minute.</summary>
    private static InstanceService Presence(OutboxPlace place, TimeProvider time) =>
        new(place.Get<TransactionSessions>(), place.Get<InstanceStore>(), place.Get<IOptions<OutboxOptions>>(), time, NullLogger<InstanceService>.Instance);

    private static async Task PassesAsync(Call call, ImportOptions options, Importer importer, ImportTransaction transaction, ImportTally tally, TimeSpan every)
    {
        var (follows, untilEmpty) = (call.Get(options.Follow), call.Get(options.UntilEmpty));
        try
        {
            while (true)
            {
                var before = tally.Count(ImportFate.Imported);
                var isThere = await PassAsync(call, importer, transaction, follows || untilEmpty).ConfigureAwait(false);
                if (isThere && tally.Count(ImportFate.Imported) > before)
                {
                    continue;
                }

                if (isThere && !follows && (tally.Count(ImportFate.Waits) == 0 || (!untilEmpty && !importer.Settles)))
                {
                    return;
                }

                await Task.Delay(every, call.Time, call.Cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
        {
            // That is how --follow ends; what was moved is moved.
        }
    }

    /// <summary>An import that goes on beside a relay goes on behind an outage too.</summary>
    /// <returns>Whether the servers answered.</returns>
    private static async Task<bool> PassAsync(Call call, Importer importer, ImportTransaction transaction, bool goesOn)
    {
        try
        {
            await importer.PassAsync(transaction, call.Cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (goesOn && MongoErrors.IsPassing(error))
        {
            call.Answer.Say($"{Failure.Of(error).Sentence} It is tried again.");
            return false;
        }
    }

    /// <summary>A name that is misspelt would look like an outbox that is empty.</summary>
    private static async Task CheckAsync(IPendingSource source, CancellationToken cancellationToken)
    {
        var (database, name) = (source.Messages.Database, source.Messages.CollectionNamespace.CollectionName);
        var named = new ListCollectionNamesOptions { Filter = new BsonDocument("name", name) };
        using var found = await database.ListCollectionNamesAsync(named, cancellationToken).ConfigureAwait(false);
        if (!await found.AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new CommandException(
                ExitCode.NotFound, $"There is no collection '{name}' in database '{database.DatabaseNamespace.DatabaseName}'. Is {source.Product}'s outbox in another one (--source-database), or called otherwise?");
        }
    }

    private static void Tell(Call call, OutboxPlace place, ImportTally tally)
    {
        var now = place.Now;
        call.Answer.Many(
            tally.Rows,
            "Nothing is pending there.",
            new("fate", row => row.Fate.ToString().ToLowerInvariant()) { Tone = row => row.Fate == ImportFate.Stays ? Tone.Bad : row.Fate == ImportFate.Waits ? Tone.Warning : Tone.Good },
            new("source", row => row.Source),
            new("type", row => row.Type),
            new("topic", row => row.Topic),
            new("messages", row => Number(row.Messages)),
            new("oldest", row => row.Oldest is { } oldest ? Ages.At(oldest, now) : ""),
            new("why", row => row.Reason is null ? "" : row.Example is null ? row.Reason : $"{row.Reason} ({row.Example})"));
    }

    private static void Progress(Call call, ImportTally tally)
    {
        if (call.Answer.Screen.ErrorIsTerminal)
        {
            call.Answer.Screen.Error.Write($"\r{Number(tally.Count(ImportFate.Imported))} moved ");
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
