using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outbox.Messages.Registration;
using Outbox.Payloads.Chain;
using Outbox.Payloads.Claims;
using Outbox.Payloads.Transforms;

namespace Outbox.Payloads.Applying;

/// <summary>Stops the start of a service that could not publish what its topics are told to.</summary>
internal sealed class PayloadCheck(
    TopicRegistry topics, IEnumerable<IPayloadTransform> transforms, PayloadStores stores, IOptions<OutboxOptions> options, IOptions<PayloadOptions> payloads) : IHostedLifecycleService
{
    /// <exception cref="OutboxConfigurationException">A transform, a key or a store is missing, or limits contradict each other.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var topic in topics.All)
        {
            CheckTransforms(topic);
            CheckClaims(topic);
        }

        if (payloads.Value.KeepClaimsFor < payloads.Value.KeepReadClaimsFor)
        {
            throw new OutboxConfigurationException(
                $"Outbox:Payloads:KeepReadClaimsFor is {payloads.Value.KeepReadClaimsFor}, longer than Outbox:Payloads:KeepClaimsFor ({payloads.Value.KeepClaimsFor}), so that what all readers have read would be kept longer than what they have not.");
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void CheckTransforms(TopicRegistration topic)
    {
        foreach (var name in topic.Transforms is null ? [] : EncodingNames.Split(topic.Transforms))
        {
            var found = transforms.FirstOrDefault(transform => transform.Name == name) ?? throw new OutboxConfigurationException(
                $"Topic '{topic.Name}' names the transform '{name}' (t.Transform), and there is none of that name. Add it: o.Payloads(p => p.AddTransform<…>()).");
            if (found is AesGcmTransform { HasKeys: false })
            {
                throw new OutboxConfigurationException($"Topic '{topic.Name}' is encrypted (t.Encrypt), and nothing says where keys come from. Add o.Payloads(p => p.UseKeys<…>()).");
            }
        }
    }

    private void CheckClaims(TopicRegistration topic)
    {
        if (topic.Claims is not { } claims)
        {
            return;
        }

        if (claims.AboveBytes > options.Value.MaxPayloadBytes)
        {
            throw new OutboxConfigurationException(
                $"ClaimCheck of topic '{topic.Name}' has AboveBytes {claims.AboveBytes:N0}, above Outbox:MaxPayloadBytes ({options.Value.MaxPayloadBytes:N0}): payloads between the two are too large for Kafka and not claimed.");
        }

        if (claims.MaxBytes > payloads.Value.MaxBytes)
        {
            throw new OutboxConfigurationException(
                $"ClaimCheck of topic '{topic.Name}' has MaxBytes {claims.MaxBytes:N0}, above Outbox:Payloads:MaxBytes ({payloads.Value.MaxBytes:N0}): this service could not read what it publishes.");
        }

        try
        {
            stores.Of(topic.Name);
        }
        catch (PayloadUnavailableException error)
        {
            throw new OutboxConfigurationException(error.Message);
        }
    }
}
