using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Outbox.Dashboard.Tests.Api;

/// <summary>Somebody who calls the API.</summary>
internal sealed class Caller(HttpClient client)
{
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<Answer> PostAsync(string path, object body, string? key = null) => SendAsync(HttpMethod.Post, path, Text(body), ("Idempotency-Key", key));

    public Task<Answer> PutAsync(string path, object body, string? etag = null) => SendAsync(HttpMethod.Put, path, Text(body), ("If-Match", etag));

    /// <summary>Asks until it is so.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isSo)
    {
        for (var attempt = 0; attempt < 1_200; attempt++)
        {
            var answer = await GetAsync(path);
            Assert.Equal(200, answer.Status);
            if (isSo(answer.Json))
            {
                return answer.Json;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"{path} has not become what was waited for.");
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, (string Name, string? Value) header = default, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, ApiHost.Prefix + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        }

        if (header.Value is not null)
        {
            request.Headers.TryAddWithoutValidation(header.Name!, header.Value);
        }

        using var response = await client.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, bytes, response.Headers, response.Content.Headers);
    }

    private static string Text(object body) => body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web);
}
