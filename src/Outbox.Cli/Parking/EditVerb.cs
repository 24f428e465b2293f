using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations;
using Outbox.Operations.Redacting;

namespace Outbox.Cli.Parking;

/// <summary><c>parked edit</c>: gives one message another payload and has it tried again.</summary>
internal static class EditVerb
{
    private static readonly Argument<string> Id = new("id") { Description = "What a list calls it." };
    private static readonly Option<string> Payload = new("--payload-file") { Description = "The new payload, as JSON: a file, or - for stdin.", HelpName = "file", Required = true };
    private static readonly Option<string> ETag = new("--etag") { Description = "What was looked at: outbox parked show says it.", HelpName = "etag", Required = true };
    private static readonly Option<bool> Unmasked = new("--unmasked") { Description = "Say that the new payload has the true values of what is masked here (--redact). It is kept in the audit." };
    private static readonly ActOptions Act = new();

    public static Command Create(Caller caller) => caller.Runs(
        new Command("edit", "Give a parked message another payload, and have it tried again. Only where the profile says allowEdit, or OUTBOX_ALLOW_EDIT is 1.") { Id, Payload, ETag, Unmasked, Act.Reason }, RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var (id, etag) = (call.Get(Id), call.Get(ETag)!);
        var reason = Act.ReasonOf(call);
        var payload = await ReadAsync(call.Get(Payload)!, call.Cancellation).ConfigureAwait(false);
        var place = await call.OpenAsync().ConfigureAwait(false);
        if (!place.Settings.AllowEdit)
        {
            throw new CommandException(ExitCode.Refused, "Payloads may not be edited here. Where the service allows it (Outbox:AllowEdit), set allowEdit in the profile, or OUTBOX_ALLOW_EDIT to 1.");
        }

        var isMasked = await CheckAsync(call, place, id, payload).ConfigureAwait(false);
        var decision = new Decision(isMasked ? $"{reason} (fields of it are masked on the command line, and were edited with --unmasked)" : reason) { By = ActOptions.Actor };
        if (!await place.Get<IOutboxOperations>().EditAndRetryAsync(id, payload, etag, decision, call.Cancellation).ConfigureAwait(false)
            && !await place.Get<IInboxOperations>().EditAndRetryAsync(id, payload, etag, decision, call.Cancellation).ConfigureAwait(false))
        {
            throw ParkedShown.None(id);
        }

        call.Answer.One(new Edited(id), edited => call.Answer.Line($"{edited.Id} has another payload, and is tried again. The one that it had is in the audit.", Tone.Good));
        return ExitCode.Done;
    }

    /// <returns>Whether anything of the payload is masked.</returns>
    /// <exception cref="OutboxException">It is, and nobody says that the new one has the true values; or it has the mask.</exception>
    private static async Task<bool> CheckAsync(Call call, OutboxPlace place, string id, string payload)
    {
        var redaction = place.Get<Redaction>();
        var original = await place.Get<IOutboxOperations>().GetAsync(id, call.Cancellation).ConfigureAwait(false) is { } outbox
            ? redaction.Payload(outbox.Message.Type, outbox.Message.Topic, outbox.Message.Payload ?? "null")
            : await place.Get<IInboxOperations>().GetAsync(id, call.Cancellation).ConfigureAwait(false) is { Payload: { } value } inbox
                ? redaction.Payload(inbox.Message.Type, inbox.Message.Topic, value)
                : null;
        if (original is not null)
        {
            Redaction.CheckEdit(original, payload, call.Get(Unmasked));
        }

        return original is { IsRedacted: true };
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
