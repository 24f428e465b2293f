using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Frame;

/// <summary>The style and the script, which are part of the assembly. A browser keeps them for as long as they are the same.</summary>
internal sealed class Assets
{
    public static readonly Assets Style = new("dashboard.css", "text/css; charset=utf-8");
    public static readonly Assets Script = new("dashboard.js", "text/javascript; charset=utf-8");

    private readonly string _type;
    private readonly string _version;

    private Assets(string name, string type)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The assembly was built without {name}.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        (Name, _type, Content) = (name, type, copy.ToArray());
        _version = Convert.ToHexStringLower(SHA256.HashData(Content))[..16];
    }

    public string Name { get; }

    public byte[] Content { get; }

    public Link Link => Link.To(Name, ("v", _version));

    public IResult Serve(HttpContext http)
    {
        http.Response.Headers.CacheControl = http.Request.Query["v"] == _version ? "private, max-age=31536000, immutable" : "private, no-cache";
        return Results.Bytes(Content, _type, entityTag: new EntityTagHeaderValue($"\"{_version}\""));
    }
}
