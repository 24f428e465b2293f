using System.Diagnostics;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>A request as far as it can be read without its content.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ReplyTo">Where its answer goes.</param>
/// <param name="Message">The record that it came in.</param>
internal sealed record AskedRequest(Guid Id, ReplyAddress ReplyTo, Passage Message)
{
    public WireHeaders Headers => Message.Record.Headers;

    /// <summary>The name of its type.</summary>
    public string Type => Headers.Hint(MessageHeaders.Type) ?? "";

    public string CorrelationId => Headers.Hint(MessageHeaders.CorrelationId) ?? Id.ToString();

    /// <summary>The span of whoever asked.</summary>
    public ActivityContext Span =>
        ActivityContext.TryParse(Headers.Hint(MessageHeaders.TraceParent), Headers.Hint(MessageHeaders.TraceState), isRemote: true, out var context) ? context : default;

    /// <summary>When its asker stops waiting.</summary>
    public DateTimeOffset Deadline { get; private init; }

    /// <exception cref="UnreadableMessageException">It is no request, or nobody can be answered.</exception>
    public static AskedRequest Of(Passage message)
    {
        var headers = message.Record.Headers;
        var id = headers.Require(RequestHeaders.RequestId);
        if (!Guid.TryParse(id, out var requestId))
        {
            throw new UnreadableMessageException($"The header '{RequestHeaders.RequestId}' is '{WireText.Short(id)}', not a GUID.");
        }

        return new AskedRequest(requestId, ReplyAddress.Of(headers), message)
        {
            // Without a deadline it could be answered for ever, to nobody.
            Deadline = headers.Time(RequestHeaders.Deadline) ?? throw new UnreadableMessageException($"The header '{RequestHeaders.Deadline}' is missing."),
        };
    }
}
