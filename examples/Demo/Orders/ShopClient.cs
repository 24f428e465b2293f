using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Demo.Orders;

/// <summary>A client that never gives a request up: when the service is gone, it sends the request again with the same key.</summary>
internal sealed class ShopClient(Uri url) : IDisposable
{
    // Longer than MongoDB keeps the transactions of a killed service open.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(10) };

    /// <returns>The order's id.</returns>
    public async Task<string> PlaceAsync(OrderPlan plan, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "orders")
            {
                Headers = { { "Idempotency-Key", plan.Key } },
                Content = JsonContent.Create(new { plan.Item, plan.Quantity }),
            },
            cancellationToken);
        await ExpectAsync(response, [HttpStatusCode.Created, HttpStatusCode.OK], $"POST /orders with key {plan.Key}");
        var order = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return order?["id"]?.GetValue<string>() ?? throw new DemoException($"The answer to POST /orders with key {plan.Key} has no id.");
    }

    /// <returns>Whether the order could still be cancelled.</returns>
    public async Task<bool> CancelAsync(string id, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, $"orders/{id}/cancel"), cancellationToken);
        await ExpectAsync(response, [HttpStatusCode.Accepted, HttpStatusCode.Conflict], $"POST /orders/{id}/cancel");
        return response.StatusCode == HttpStatusCode.Accepted;
    }

    public async Task RebuildListAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Post, "order-list/rebuild"), cancellationToken);
        await ExpectAsync(response, [HttpStatusCode.Accepted], "POST /order-list/rebuild");
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var failure = "";
            try
            {
                using var message = request();
                var response = await _http.SendAsync(message, cancellationToken);
                if (response.StatusCode < HttpStatusCode.InternalServerError)
                {
                    return response;
                }

                failure = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}";
                response.Dispose();
            }
            catch (Exception error) when (error is HttpRequestException or IOException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                failure = error.Message;
            }

            if (since.Elapsed > Patience)
            {
                throw new DemoException($"The order service did not answer within {Patience.TotalSeconds:0} s: {failure}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static async Task ExpectAsync(HttpResponseMessage response, HttpStatusCode[] expected, string request)
    {
        if (!expected.Contains(response.StatusCode))
        {
            throw new DemoException($"{request} was answered with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
    }
}
