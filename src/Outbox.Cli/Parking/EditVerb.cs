using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations;

namespace Outbox.Cli.Parking;

/// <summary><c>parked edit</c>: gives one message another payload and has it tried again.</summary>
internal static class EditVerb
{
    private static readonly Argument<string> Id = new("id") { Description = "What a list calls it." };
    private static readonly Option<string> Payload = new("--payload-file") { Description = "The new payload, as JSON: a file, or - for stdin.", HelpName = "file", Required = true };
    private static readonly Option<string> ETag = new("--etag") { Description = "What was looked at: outbox parked show says it.", HelpName = "etag", Required = true };
    private static readonly ActOptions Act = new();

    public static Command Create(Caller caller) => caller.Runs(
        new Command("edit", "Give a parked message another payload, and have it tried again. Only where the profile says allowEdit, or OUTBOX_ALLOW_EDIT is 1.") { Id, Payload, ETag, Act.Reason }, RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var (id, etag) = (call.Get(Id), call.Get(ETag)!);
        var decision = new Decision(Act.ReasonOf(call)) { By = ActOptions.Actor };
        var payload = await ReadAsync(call.Get(Payload)!, call.Cancellation).ConfigureAwait(false);
        var place = await call.OpenAsync().ConfigureAwait(false);
        if (!place.Settings.AllowEdit)
        {
            throw new CommandException(ExitCode.Refused, "Payloads may not be edited here. Where the service allows it (Outbox:AllowEdit), set allowEdit in the profile, or OUTBOX_ALLOW_EDIT to 1.");
        }

        if (!await place.Get<IOutboxOperations>().EditAndRetryAsync(id, payload, etag, decision, call.Cancellation).ConfigureAwait(false)
            && !await place.Get<IInboxOperations>().EditAndRetryAsync(id, payload, etag, decision, call.Cancellation).ConfigureAwait(false))
        {
            throw ParkedShown.None(id);
        }

        call.Answer.One(new Edited(id), edited => call.Answer.Line($"{edited.Id} has another payload, and is tried again. The one that it had is in the audit.", Tone.Good));
        return ExitCode.Done;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return file == "-" ? await Console.In.ReadToEndAsync(cancellation).ConfigureAwait(false) : await File.ReadAllTextAsync(file, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{file} cannot be read: {error.Message}", error);
        }
    }

    private sealed record Edited(string Id);
}
