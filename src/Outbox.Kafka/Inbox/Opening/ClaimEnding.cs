using Outbox.Kafka.Inbox.Way;
using Outbox.Payloads.Claims;

namespace Outbox.Kafka.Inbox.Opening;

/// <summary>
/// Says of claimed payloads that this endpoint has processed their messages: after that is committed, and before the offset is. Killed in between, it reads the message again, recognises it, and says so
/// again.
/// </summary>
internal sealed class ClaimEnding(IEnding ending, ClaimCheck claims, string endpoint, string topicPrefix) : IEnding
{
    public Task RestAsync(IReadOnlyList<Passage> messages, Rest rest) => ending.RestAsync(messages, rest);

    public async ValueTask<After> ActAsync(Passage message, Verdict verdict)
    {
        var after = await ending.ActAsync(message, verdict).ConfigureAwait(false);
        if (message.Claim is { } claim && after.HasEnded && verdict is Verdict.Ran)
        {
            await claims.ReadAsync(message.Record.Topic[topicPrefix.Length..], claim, endpoint, message.Lifetime.Abandoned).ConfigureAwait(false);
        }

        return after;
    }
}
