using System.Text.Json;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.Tests.Capture;

/// <summary>A buffer with types of its own.</summary>
internal static class Captures
{
    public static MessageRegistration Registration<T>(JsonSerializerOptions? json = null, MessageOrdering ordering = default) =>
        new(typeof(T), MessageTypeName.Of(typeof(T)), "pets", MessageIntent.Event, "pet", Frozen(json)) { Ordering = ordering };

    public static TestTransaction Transaction(params MessageRegistration[] registrations) =>
        new(new CaptureBuffer(new MessageRegistry(registrations), new OutboxOptions(), TimeProvider.System));

    private static JsonSerializerOptions Frozen(JsonSerializerOptions? json)
    {
        json ??= MessageJson.Default;
        if (!json.IsReadOnly)
        {
            json.MakeReadOnly(populateMissingResolver: true);
        }

        return json;
    }

    internal sealed class TestTransaction(CaptureBuffer buffer) : BufferedTransaction(buffer)
    {
        public OutboxMessage Captured => Assert.Single(Buffer.Messages);

        public string Refused(Action<IOutboxTransaction> call)
        {
            var error = Assert.Throws<OutboxException>(() => call(this));
            Assert.Empty(Buffer.Messages);
            return error.Message;
        }
    }
}
