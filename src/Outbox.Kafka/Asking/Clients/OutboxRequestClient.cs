using MassTransit;
using MassTransit.Clients;
using Outbox.Kafka.Asking.Topics;

namespace Outbox.Kafka.Asking.Clients;

/// <summary>MassTransit's request client, with a context of its own for each request: so the deadline is ours, and what is said of it.</summary>
internal sealed class OutboxRequestClient<T>(RequestDefinition definition, Requests requests, ConsumeContext? consumed) : IRequestClient<T>
    where T : class
{
    // MassTransit's own timer only says that time is over.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public RequestHandle<T> Create(T message, CancellationToken cancellationToken, RequestTimeout timeout) => Client(timeout).Create(message, cancellationToken);

    public RequestHandle<T> Create(object values, CancellationToken cancellationToken, RequestTimeout timeout) => Client(timeout).Create(values, cancellationToken);

    public Task<Response<T1>> GetResponse<T1>(T message, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class => Client(timeout).GetResponse<T1>(message, cancellationToken);

    public Task<Response<T1>> GetResponse<T1>(T message, RequestPipeConfiguratorCallback<T> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class => Client(timeout).GetResponse<T1>(message, callback, cancellationToken);

    public Task<Response<T1>> GetResponse<T1>(object values, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class => Client(timeout).GetResponse<T1>(values, cancellationToken);

    public Task<Response<T1>> GetResponse<T1>(object values, RequestPipeConfiguratorCallback<T> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class => Client(timeout).GetResponse<T1>(values, callback, cancellationToken);

    public Task<Response<T1, T2>> GetResponse<T1, T2>(T message, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class => Client(timeout).GetResponse<T1, T2>(message, cancellationToken);

    public Task<Response<T1, T2>> GetResponse<T1, T2>(T message, RequestPipeConfiguratorCallback<T> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class => Client(timeout).GetResponse<T1, T2>(message, callback, cancellationToken);

    public Task<Response<T1, T2>> GetResponse<T1, T2>(object values, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class => Client(timeout).GetResponse<T1, T2>(values, cancellationToken);

    public Task<Response<T1, T2>> GetResponse<T1, T2>(object values, RequestPipeConfiguratorCallback<T> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class => Client(timeout).GetResponse<T1, T2>(values, callback, cancellationToken);

    public Task<Response<T1, T2, T3>> GetResponse<T1, T2, T3>(T message, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class
        where T3 : class => Client(timeout).GetResponse<T1, T2, T3>(message, cancellationToken);

    public Task<Response<T1, T2, T3>> GetResponse<T1, T2, T3>(T message, RequestPipeConfiguratorCallback<T> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class
        where T3 : class => Client(timeout).GetResponse<T1, T2, T3>(message, callback, cancellationToken);

    public Task<Response<T1, T2, T3>> GetResponse<T1, T2, T3>(object values, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class
        where T3 : class => Client(timeout).GetResponse<T1, T2, T3>(values, cancellationToken);

    public Task<Response<T1, T2, T3>> GetResponse<T1, T2, T3>(
        object values, RequestPipeConfiguratorCallback<T> callback, CancellationToken cancellationToken, RequestTimeout timeout)
        where T1 : class
        where T2 : class
        where T3 : class => Client(timeout).GetResponse<T1, T2, T3>(values, callback, cancellationToken);

    private IRequestClient<T> Client(RequestTimeout timeout)
    {
        var wait = timeout.HasValue ? timeout.Value : definition.Timeout(requests.Options);
        var request = new Request<T>(definition, requests, wait, consumed);
        return new RequestClient<T>(request, request, wait + Grace);
    }
}
