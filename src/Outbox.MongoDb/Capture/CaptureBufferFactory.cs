using Microsoft.Extensions.Options;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.MongoDb.Capture;

/// <summary>Makes an empty buffer for each attempt of a transaction.</summary>
internal sealed class CaptureBufferFactory(MessageRegistry registry, IOptions<OutboxOptions> options, TimeProvider time)
{
    public CaptureBuffer Create(Cause? cause) => new(registry, options.Value, time) { Cause = cause };
}
