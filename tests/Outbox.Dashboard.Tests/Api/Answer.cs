using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Outbox.Dashboard.Tests.Api;

/// <summary>What the API answered.</summary>
internal sealed record Answer(int Status, byte[] Bytes, HttpResponseHeaders Headers, HttpContentHeaders Content)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    /// <summary>What a list has.</summary>
    public IReadOnlyList<JsonElement> Items => Status == 200 ? [.. Json.GetProperty("items").EnumerateArray()] : throw new InvalidOperationException($"{Status} {Text}");

    public string? Next => Json.TryGetProperty("next", out var next) ? next.GetString() : null;

    /// <summary>The status and the code of an error, which is a problem as RFC 9457 has it; the status alone of all else.</summary>
    public string Outcome
    {
        get
        {
            if (Status < 400)
            {
                return $"{Status}";
            }

            Assert.Equal("application/problem+json", Content.ContentType?.MediaType);
            Assert.Equal(Status, Json.GetProperty("status").GetInt32());
            Assert.NotEqual("", Detail);
            Assert.DoesNotContain("   at ", Text);
            Assert.DoesNotContain("Exception", Text);
            Assert.DoesNotContain("Outbox.Dashboard", Text);
            return $"{Status} {Json.GetProperty("code").GetString()}";
        }
    }

    public string Detail => Json.GetProperty("detail").GetString()!;
}
