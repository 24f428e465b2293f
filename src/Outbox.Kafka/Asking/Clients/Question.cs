using System.Diagnostics;
using System.Globalization;
using MassTransit;
using Outbox.Diagnostics;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Asking.Wire;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Kafka.Asking.Clients;

/// <summary>A request that is to be sent.</summary>
/// <param name="Definition">Its type's.</param>
/// <param name="Id">Its id.</param>
/// <param name="Message">Its content.</param>
/// <param name="Wait">How long its answer is waited for.</param>
/// <param name="Context">What the caller has set.</param>
internal sealed record Question(RequestDefinition Definition, Guid Id, object Message, TimeSpan Wait, SendContext Context)
{
    public byte[] Value() => AskedTypes.Write(Message, Definition.Type);

    /// <summary>Its headers: ours win over those that the caller has set.</summary>
    public Dictionary<string, string> Headers(ReplyAddress address, DateTimeOffset deadline, Activity? span)
    {
        var headers = SetHeaders.Of(Context);
        headers[MessageHeaders.MessageId] = (Context.MessageId ?? Id).ToString();
        headers[MessageHeaders.Type] = Definition.Name;
        headers[MessageHeaders.Intent] = RequestHeaders.Query;
        headers[MessageHeaders.ContentType] = RequestHeaders.Json;
        headers[MessageHeaders.CorrelationId] = (Context.ConversationId ?? Context.CorrelationId ?? Id).ToString();
        headers[RequestHeaders.RequestId] = Id.ToString();
        headers[RequestHeaders.Deadline] = deadline.ToString("O", CultureInfo.InvariantCulture);
        headers[RequestHeaders.ReplyTo] = address.Topic;
        headers[RequestHeaders.ReplyPartition] = address.Partition.ToString(CultureInfo.InvariantCulture);
        headers[RequestHeaders.ReplyInstance] = address.Instance;
        TraceContext.Write(span ?? Activity.Current, headers);
        return headers;
    }
}
